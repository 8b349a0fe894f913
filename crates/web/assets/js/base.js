// What the other parts use. One named Trusted Types policy; it passes on what our own server has escaped.
const policy = window.trustedTypes ? trustedTypes.createPolicy("watchfire", { createHTML: (html) => html }) : { createHTML: (html) => html };
const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
const parse = (html) => new DOMParser().parseFromString(policy.createHTML(html), "text/html").body;
const store = (name, value) => {
  try {
    if (value === undefined) return localStorage.getItem(name);
    localStorage.setItem(name, value);
  } catch { /* storage may be turned off; nothing depends on it */ }
  return value ?? null;
};
// For this window alone, until it is closed; `null` takes a name away.
const session = (name, value) => {
  try {
    if (value === undefined) return sessionStorage.getItem(name);
    if (value === null) sessionStorage.removeItem(name);
    else sessionStorage.setItem(name, value);
  } catch { /* as above */ }
  return value ?? null;
};
const typing = () => {
  const at = document.activeElement;
  return !!at && (at.isContentEditable || /^(TEXTAREA|SELECT)$/.test(at.tagName) || (at.tagName === "INPUT" && !/^(checkbox|radio|button|submit)$/.test(at.type)));
};
const make = (tag, properties = {}, ...children) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
};
// The server's clock, so that a reader's wrong clock shows no wrong countdown.
const wall = $("#wall");
const skew = wall ? Date.parse(wall.dateTime) - Date.now() : 0;
const now = () => Date.now() + skew;
let toastTimer = 0;
const toast = (text) => {
  const box = $("#toasts");
  if (!box) return;
  box.replaceChildren(make("div", { className: "toast" }, text));
  clearTimeout(toastTimer);
  const gone = () => (box.matches(":hover, :focus-within") ? (toastTimer = setTimeout(gone, 2000)) : box.replaceChildren());
  toastTimer = setTimeout(gone, 8000);
};
