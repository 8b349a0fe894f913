// Where the focus is, so that it survives what changes around it.
const focusable = "a[href], button:not(:disabled), input:not([type=hidden]):not(:disabled), select:not(:disabled), textarea:not(:disabled), summary";
const visible = (element) => element.checkVisibility?.({ visibilityProperty: true }) ?? !!element.offsetParent;
const focus = (element) => (element?.focus({ preventScroll: true }), document.activeElement === element);
const lost = () => !document.activeElement || document.activeElement === document.body;
// The first of these attributes that a control has names it; a value parts those of one name.
const names = (at) => {
  const name = ["id", "name", "href", "data-key", "popovertarget"].find((name) => at.getAttribute(name));
  if (!name) return at.localName;
  const value = name === "name" && at.hasAttribute("value") ? `[value="${CSS.escape(at.getAttribute("value"))}"]` : "";
  return `${at.localName}[${name}="${CSS.escape(at.getAttribute(name))}"]${value}`;
};
// Puts a part in another's place. The focus goes to the same control of the same row, else to another of that row, else to
// the part's first control: never to the page's beginning.
const put = (old, fresh) => {
  const at = old.contains(document.activeElement) ? document.activeElement : null;
  const row = at?.closest("[id]");
  const action = at?.form?.getAttribute("action");
  const name = at && names(at);
  for (const box of $$("[type=checkbox]:checked", old)) $$(names(box), fresh).forEach((one) => (one.checked = true));
  for (const one of $$("details[open]", old)) {
    const unfolded = $(`#${CSS.escape(one.closest("[id]").id)} details`, fresh);
    if (unfolded) unfolded.open = true;
  }
  old.replaceWith(fresh);
  if (!at) return;
  if (at === old) return focus(fresh);
  const same = row && row !== old ? $(`#${CSS.escape(row.id)}`, fresh) : null;
  const control = (root) => root && $$(name, root).find((one) => !action || one.form?.getAttribute("action") === action);
  const [next] = [control(same), same && $(focusable, same), control(fresh), $(focusable, fresh)].filter(Boolean);
  if (focus(next)) return;
  fresh.tabIndex = -1;
  focus(fresh);
};
// What was typed and not sent.
const unsent = () =>
  $$("main textarea, main input").filter((one) => !/^(checkbox|radio|hidden|search)$/.test(one.type) && !one.closest("[role=search]") && visible(one) && one.value !== one.defaultValue);
// A link to a place of this page, or the address that led here, leads the focus there too; a dialog opens.
const aim = (id) => {
  const target = id && document.getElementById(id);
  if (!target || !target.closest("main")) return;
  if (target.popover !== null) return target.matches(":popover-open") || target.showPopover();
  const own = target.matches(focusable) || target.hasAttribute("tabindex");
  const to = own ? target : ($$("button", target).find(visible) ?? $$(focusable, target).find(visible));
  if (!to) target.tabIndex = -1;
  (to ?? target).focus();
};
// Dialogs: the focus goes in, stays in while they are open, and comes out to what opened them.
const opener = (id) => $$(`main [popovertarget="${CSS.escape(id)}"]:not([popovertargetaction])`).find((one) => visible(one) && !one.closest("[popover]"));
const turned = (event) => {
  const dialog = event.target;
  if (!dialog.matches?.("[popover][role=dialog]")) return;
  if (event.newState === "open") return ($("[autofocus]", dialog) ?? $("input:checked", dialog) ?? $("input:not([type=hidden]), select, textarea", dialog))?.focus();
  settle();
  // The browser takes the focus out of what is hidden a moment later.
  if (lost() || document.activeElement.closest(`#${dialog.id}`)) focus(opener(dialog.id));
};
const stops = (dialog) => {
  const chosen = (one) => one.type !== "radio" || one === document.activeElement || one === ($$(`input[name="${one.name}"]:checked`, dialog)[0] ?? $(`input[name="${one.name}"]`, dialog));
  return $$(focusable, dialog).filter((one) => visible(one) && chosen(one));
};
const keepIn = (event) => {
  const dialog = $$("[popover][role=dialog]:popover-open").pop();
  if (event.key !== "Tab" || !dialog) return;
  const all = stops(dialog);
  const at = all.indexOf(document.activeElement);
  const last = event.shiftKey ? 0 : all.length - 1;
  if (at >= 0 && at !== last) return;
  event.preventDefault();
  all[event.shiftKey ? all.length - 1 : 0]?.focus();
};
// What the reader's own act did is said once on the page that follows; the focus goes on where they were, or to the next row.
const landed = () => {
  const said = $("#toasts")?.textContent.trim();
  const from = session("wf-from");
  session("wf-from", null);
  // The browser itself goes there first, and takes the focus away.
  if (!said) return addEventListener("load", () => requestAnimationFrame(() => setTimeout(aim, 0, location.hash.slice(1))));
  toast(said);
  const here = new URL(location);
  here.searchParams.delete("done");
  history.replaceState(null, "", here);
  const row = rowLinks()[0];
  if (row) return focus(row);
  const [dialog, place] = (from ?? "").split(" ");
  const control = (dialog && opener(dialog)) || (place && $(`#${CSS.escape(place)} :is(${focusable})`)) || $(".due-first :is(a, button)");
  focus(control ?? $("#main"));
};
document.addEventListener("submit", (event) => {
  const { target } = event;
  if (target.closest("main")) session("wf-from", `${target.closest("[popover]")?.id ?? ""} ${target.closest("[id]:not(form, main)")?.id ?? ""}`);
  if (target.getAttribute("action") === "/sign-out") forget();
});
