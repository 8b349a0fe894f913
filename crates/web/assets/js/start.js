// Starts everything. Each part works without the others, and the page without them all.
document.addEventListener("keydown", keydown);
document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copy]");
  if (!button) return;
  try {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
    toast("Copied");
  } catch {
    getSelection().selectAllChildren(document.getElementById(button.dataset.copy));
    toast("Selected: copy it with the keyboard");
  }
});
$("#theme")?.addEventListener("submit", (event) => {
  event.preventDefault();
  const root = document.documentElement;
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
  document.cookie = `wf-theme=${root.dataset.theme}; path=/; max-age=31536000; samesite=lax`;
});
const off = $("#keys-off");
if (off) {
  off.checked = store("wf-keys-off") === "1";
  off.addEventListener("change", () => store("wf-keys-off", off.checked ? "1" : "0"));
}
$("#failed")?.focus();
document.addEventListener("toggle", turned, true);
document.addEventListener("click", (event) => {
  const link = event.target.closest?.('main a[href^="#"]');
  if (link) setTimeout(aim, 0, link.hash.slice(1));
});
palette();
passkeys();
composer();
landed();
tick();
setInterval(() => {
  tick();
  watch();
}, 1000);
paged();
listen();
