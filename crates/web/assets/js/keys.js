// The keyboard map. Single letters work while no field has the focus, and can be turned off.
const rooms = { w: "/work", i: "/incidents", a: "/alerts", e: "/events", o: "/on-call", b: "/board", m: "/figures", r: "/record", s: "/sources", l: "/plans", t: "/tokens" };
let going = 0;
const open = (id) => document.getElementById(id)?.showPopover?.();
const openPopover = () => $$("[popover]:popover-open").pop();
const rowLinks = () => $$(".list .go, .src-list a, .work-list > li").map((row) => (row.localName === "li" ? $("a, button", row) : row)).filter(Boolean);
const step = (by) => {
  const links = rowLinks();
  if (!links.length) return false;
  const row = document.activeElement.closest("tr, .work-list > li");
  const at = links.findIndex((link) => link === document.activeElement || row?.contains(link));
  const next = links[at < 0 ? (by > 0 ? 0 : links.length - 1) : Math.min(links.length - 1, Math.max(0, at + by))];
  next.focus();
  next.scrollIntoView({ block: "nearest" });
  return true;
};
const compose = (start) => {
  const field = $("#say");
  if (!field) return false;
  if (!field.value) field.value = start;
  field.focus();
  field.setSelectionRange(field.value.length, field.value.length);
  field.dispatchEvent(new Event("input"));
  return true;
};
// The clocks of an incident, one after another; and a row's box.
const clocks = () => {
  const all = $$("#due .btn, .due-rest a");
  if (!all.length) return false;
  all[(all.indexOf(document.activeElement) + 1) % all.length].focus();
  return true;
};
const select = () => {
  const at = document.activeElement?.closest?.("tr");
  const box = $(".pick input", at ?? $("#rows") ?? document);
  if (!box) return false;
  box.checked = !box.checked;
  if (!at) $(".go", box.closest("tr"))?.focus();
  say(`${$$(".pick :checked").length} selected`);
  return true;
};
const push = (target) => {
  if (!target) return false;
  target.focus();
  target.click();
  return true;
};
const press = (key) => push($$(`main [data-key="${CSS.escape(key)}"]`).find(visible));
// What is due may have another letter of its own: `a` does it all the same.
const dueAct = () => $$(".due-first .primary").find(visible);
const up = () => {
  if (document.activeElement && document.activeElement !== document.body && document.activeElement.id !== "main") {
    return document.activeElement.blur();
  }
  if (unsent().length) return toast("What you typed is not sent: it stays here");
  const above = $("[data-up]");
  if (above) return location.assign(above.href);
  const parent = location.pathname.replace(/\/[^/]+$/, "");
  if (parent && parent !== "/sign-in") location.assign(parent);
};
const single = {
  "/": () => (open("palette"), true),
  ".": () => (open("palette"), true),
  "?": () => (open("keys"), true),
  j: () => step(1),
  k: () => step(-1) || clocks(),
  a: () => press("a") || push(dueAct()),
  x: () => press("x") || select(),
  l: () => (held.size ? (show(), true) : $("#timeline") ? (newest(), true) : false),
  n: () => compose(""),
  t: () => compose("/task @me "),
  d: () => press("f"),
  w: () => press("w") || ($("#why-h")?.focus(), !!$("#why-h")),
  c: () => press("c") || (location.assign("/incidents/new"), true),
  g: () => ((going = Date.now()), true),
};
const keydown = (event) => {
  keepIn(event);
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.key === "Escape") {
    if (openPopover()) return;
    event.preventDefault();
    return up();
  }
  if (typing() || openPopover() || store("wf-keys-off") === "1") return;
  if (Date.now() - going < 1500 && rooms[event.key]) {
    going = 0;
    event.preventDefault();
    return location.assign(rooms[event.key]);
  }
  if (/^[1-9]$/.test(event.key)) {
    const tab = $$(".tabs a")[event.key - 1];
    if (tab) location.assign(tab.href);
    return;
  }
  if (single[event.key]?.() || (event.key.length === 1 && press(event.key))) event.preventDefault();
};
