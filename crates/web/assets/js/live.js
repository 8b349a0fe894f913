// Replaces parts by id as the server sends them. Rows never move under the reader; focus, typing and reading stay.
const held = new Map();
const busy = (element) => element.contains(document.activeElement) && document.activeElement !== element && typing();
const swap = (old, fresh) => {
  if (old.isEqualNode(fresh)) return false;
  put(old, fresh);
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
  held.delete(old.id);
  put(old, fresh);
  chip(fresh);
  if (before.length) $$("tr[id]", fresh).filter((row) => !before.includes(row.id)).forEach(mark);
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
  if (lost()) focus($("#rows .go"));
};

// A dialog that is open stays as it is and says what changed under it; it is drawn anew once it is closed.
const changed = (old, fresh) => {
  const { now } = fresh.dataset;
  if (now === old.dataset.now) return $(".notice", old)?.remove();
  const text = `${now}. That changed while this was open; what you chose stays.`;
  const note = $(".notice", old) ?? make("div", { className: "notice caution" });
  if (note.textContent === text) return;
  note.replaceChildren(make("p", {}, text));
  $("h2", old).after(note);
  const under = $("p.under", fresh);
  if (under) $("p.under", old)?.replaceWith(under.cloneNode(true));
  say(text);
};
// What came for a part while somebody typed in it, or for an open dialog: the newest waits until that is over.
const late = new Map();
const kinds = { list: (old, fresh) => list(old, fresh), log: (old, fresh) => log(old, fresh) };
const place = (old, fresh) => {
  late.delete(old.id);
  const open = old.matches(":popover-open");
  if (open || busy(old)) late.set(old.id, fresh);
  if (open) return changed(old, fresh);
  if (!late.has(old.id)) (kinds[old.dataset.part] ?? swap)(old, fresh);
};
const settle = () => {
  for (const [id, fresh] of [...late]) {
    const old = document.getElementById(id);
    if (old) place(old, fresh);
  }
};
document.addEventListener("focusout", () => setTimeout(settle));
const take = (html) => {
  for (const fresh of [...parse(html).children]) {
    const old = fresh.id && document.getElementById(fresh.id);
    if (old?.hasAttribute("data-part") && !old.hasAttribute("data-still")) place(old, document.importNode(fresh, true));
  }
  paged();
  tick();
};
