// The timeline: entries are added at the end; whoever reads further up gets a chip and a line where they left.
const log = (old, fresh) => {
  const scroll = old.closest(".tl-scroll");
  const inner = getComputedStyle(scroll).overflowY === "auto";
  const end = inner ? scroll.scrollTop > -40 : scroll.getBoundingClientRect().bottom < innerHeight + 160;
  const known = new Set($$(":scope > li[id]", old).map((line) => line.id));
  const added = $$(":scope > li[id]", fresh).filter((line) => !known.has(line.id));
  if (!added.length) {
    for (const line of $$(":scope > li[id]", fresh)) {
      const mine = document.getElementById(line.id);
      if (mine && mine.textContent !== line.textContent) swap(mine, line);
    }
    return;
  }
  const line = $(".new", old) ?? make("li", { className: "new" });
  let count = Number(line.dataset.count ?? 0);
  // Whoever looks at the end has seen what comes there.
  if (!end || document.hidden) {
    count += added.length;
    line.dataset.count = count;
    line.textContent = `${count} new since you looked, ${clock(new Date(now()))}`;
    if (!line.isConnected) old.append(line);
  }
  const lastDay = $$(":scope > .day", old).pop()?.textContent;
  for (const entry of added) {
    let day = entry.previousElementSibling;
    while (day && !day.classList.contains("day")) day = day.previousElementSibling;
    if (day && day.textContent !== lastDay && !$$(":scope > .day", old).some((known) => known.textContent === day.textContent)) old.append(day.cloneNode(true));
    const copy = entry.cloneNode(true);
    old.append(copy);
    mark(copy);
  }
  if (end && !inner && !document.hidden && !typing()) old.lastElementChild.scrollIntoView({ block: "end" });
  if (!end) logChip(scroll, count);
  arrived(added);
};
const logChip = (scroll, count) => {
  let button = $("#log-chip");
  if (!button) {
    button = make("button", { id: "log-chip", className: "chip", type: "button" });
    button.dataset.key = "l";
    button.addEventListener("click", newest);
    scroll.after(button);
  }
  button.textContent = `${count} new`;
};
const newest = () => {
  const last = $("#timeline > li:last-child");
  last?.scrollIntoView({ block: "nearest" });
  seen();
};
const seen = () => $$("#timeline .new, #log-chip").forEach((one) => one.remove());
