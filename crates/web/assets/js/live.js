// Replaces parts by id as the server sends them. Rows never move under the reader; focus, typing and reading stay.
const held = new Map();
const busy = (element) => element.contains(document.activeElement) && document.activeElement !== element && typing();
const swap = (old, fresh) => {
  if (old.isEqualNode(fresh)) return false;
  const at = old.contains(document.activeElement) ? document.activeElement : null;
  const key = at && (at.id ? `#${CSS.escape(at.id)}` : at.getAttribute("href") ? `[href="${CSS.escape(at.getAttribute("href"))}"]` : at.dataset.key ? `[data-key="${at.dataset.key}"]` : null);
  old.replaceWith(fresh);
  if (key) $(key, fresh)?.focus({ preventScroll: true });
  return true;
};
const mark = (element) => {
  element.classList.add("fresh");
  element.addEventListener("animationend", () => element.classList.remove("fresh"), { once: true });
};

// Lists: cells of known rows change in place; new or moved rows wait behind a chip that names the newest.
const order = (root) => $$("tr[id]", root).map((row) => row.id);
const rowText = (row) => `${$(".sev", row)?.textContent ?? ""} ${$(".go", row)?.textContent ?? $("td:nth-child(2)", row)?.textContent ?? ""}`.trim().slice(0, 120);
const list = (old, fresh) => {
  const before = order(old);
  const after = order(fresh);
  if (!before.length || document.hidden) return apply(old, fresh);
  if (before.join() === after.join()) {
    held.delete(old.id);
    chip(old);
  } else {
    held.set(old.id, fresh.cloneNode(true));
    const added = after.filter((id) => !before.includes(id));
    chip(old, added.length, added[0] && rowText($(`#${CSS.escape(added[0])}`, fresh)));
  }
  for (const row of $$("tr[id]", old)) {
    const next = $(`#${CSS.escape(row.id)}`, fresh);
    row.classList.toggle("gone", !next);
    if (!next || row.isEqualNode(next)) continue;
    const cells = [...row.cells];
    [...next.cells].forEach((cell, at) => {
      if (cells[at] && !cells[at].isEqualNode(cell)) swap(cells[at], cell);
    });
  }
};
const apply = (old, fresh) => {
  const before = order(old);
  const current = document.activeElement?.closest?.("tr")?.id;
  const picked = new Set($$(".pick :checked", old).map((box) => box.value));
  held.delete(old.id);
  old.replaceWith(fresh);
  for (const box of $$(".pick input", fresh)) box.checked = picked.has(box.value);
  chip(fresh);
  if (before.length) $$("tr[id]", fresh).filter((row) => !before.includes(row.id)).forEach(mark);
  if (current) $(`#${CSS.escape(current)} .go`)?.focus({ preventScroll: true });
};
const chip = (part, added = 0, text = "") => {
  // Not inside a part: the chip would go with the part's next update.
  const place = $(".query") ?? $("main");
  let button = $("#chip");
  if (!held.has(part.id)) return button?.remove();
  if (!button) {
    button = make("button", { id: "chip", className: "chip", type: "button" });
    button.addEventListener("click", show);
    place.prepend(button);
  }
  const label = added ? `${added} new` : "New order";
  button.replaceChildren(label, ...(text ? [make("span", { className: "chip-text" }, `: ${text}`)] : []));
  button.dataset.key = "l";
  say(text ? `${label}: ${text}` : label);
};
const show = () => {
  for (const [id, fresh] of held) {
    const old = document.getElementById(id);
    if (old) apply(old, fresh);
  }
  $("#rows .go")?.focus({ preventScroll: true });
};

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
  if (!end || document.hidden || count) {
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
  $("#log-chip")?.remove();
};

const kinds = { list, log };
const take = (html) => {
  for (const fresh of [...parse(html).children]) {
    const old = fresh.id && document.getElementById(fresh.id);
    if (!old || !old.hasAttribute("data-part")) continue;
    if (old.hasAttribute("data-still") || busy(old)) continue;
    const node = document.importNode(fresh, true);
    (kinds[old.dataset.part] ?? swap)(old, node);
  }
  paged();
  tick();
};

const state = $("#state");
const say = (text) => {
  let box = $("#say-live");
  if (!box) document.body.append((box = make("div", { id: "say-live", className: "vh", role: "status" })));
  box.textContent = text;
};
const status = (live) => {
  if (!state || state.dataset.live === String(live)) return;
  state.dataset.live = live;
  state.className = live ? "is is-good" : "is is-dim";
  const at = new Date(now());
  state.textContent = live ? "Live" : `Shown as of ${clock(at)}:${two(at.getUTCSeconds())}`;
};
let stream;
const listen = () => {
  const page = document.body.dataset.live;
  if (!page) return;
  stream = new EventSource(`/live?page=${encodeURIComponent(page)}`);
  stream.addEventListener("part", (event) => take(event.data));
  stream.addEventListener("ready", () => status(true));
  stream.addEventListener("gone", () => location.reload());
  stream.onerror = () => {
    status(false);
    // A refusal ends the stream for good; after that only a fresh one, later, can tell whether the server is back.
    if (stream.readyState === EventSource.CLOSED) setTimeout(listen, 5000 + Math.random() * 5000);
  };
};
