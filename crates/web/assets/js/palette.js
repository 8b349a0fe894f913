// The palette: one field for search and verbs. Enter takes the first row; the last one searches.
const palette = () => {
  const box = $("#palette");
  const field = $("#seek");
  if (!box || !field) return;
  const [line, find, none] = ["#line-row", "#find-row", "#no-verb"].map((id) => $(id, box));
  const items = $$("#verbs > li").filter((item) => item !== line && item !== find);
  const incident = /^\/incidents\/(?!new$)[^/]+/.exec(location.pathname)?.[0];
  const rows = () => $$("#verbs > li:not([hidden]) > :is(a, button:not(:disabled))");
  // A verb of the incident's console acts there; on its other pages the row is a link to it.
  // A step that the dialog does not offer is written in the composer, which says why not.
  const offered = (choose) => $(`#phase [value="${choose}"]`);
  const ready = ({ key, choose }) =>
    choose ? !!offered(choose) || (/^(resolved|closed)$/.test(choose) && !!$("#phase") && !!$("#say")) : key === "a" ? !!dueAct() : /[nt]/.test(key) ? !!$("#say") : $$(`main [data-key="${key}"]`).some(visible);
  const usable = (row) => !row.dataset.key || ready(row.dataset) || (!$("#timeline") && row.href);
  const known = new Map(items.map((item) => [item, `${item.textContent} ${item.dataset.words ?? ""}`.toLowerCase().split(/[^\p{L}\p{N}]+/u)]));
  const first = () => {
    $$(".first", box).forEach((row) => row.classList.remove("first"));
    if (field.value.trim()) rows()[0]?.classList.add("first");
  };
  const filter = () => {
    const text = field.value.trim();
    const command = text.startsWith("/");
    const words = (command ? text.slice(1).split(/\s/, 1) : text.split(/\s+/)).map((word) => word.toLowerCase()).filter(Boolean);
    for (const item of items) item.hidden = !usable(item.firstElementChild) || !words.every((word) => known.get(item).some((name) => name.startsWith(word)));
    const found = items.some((item) => !item.hidden);
    find.hidden = !text || command;
    none.hidden = found || !text || !line.hidden;
    none.textContent = command ? "No verb fits." : "No verb fits. Enter searches incidents and alerts.";
    $("span", find).textContent = `Search for “${text}”`;
    first();
  };
  // A line with a slash is the composer's: what it will do stands first, and Enter does it.
  let understood;
  let turn = 0;
  const read = async () => {
    const text = field.value.trim();
    const mine = ++turn;
    line.hidden = true;
    if (!incident || !/^\/./.test(text)) return;
    await new Promise((done) => setTimeout(done, 150));
    if (mine !== turn) return;
    const words = await understand(incident, text, AbortSignal.timeout(5000)).catch(() => []);
    if (mine !== turn || !words.length) return;
    const wrong = words.some((word) => word.classList?.contains("err"));
    // The fault of a verb that is still being typed is no news.
    line.hidden = wrong && !/\s/.test(text);
    none.hidden ||= !line.hidden;
    line.firstElementChild.disabled = wrong;
    $("span", line).replaceChildren(wrong ? "" : `On ${decodeURIComponent(incident.split("/")[2])}: `, ...words);
    first();
  };
  const change = () => {
    understood = read();
    filter();
  };
  line.firstElementChild.addEventListener("click", async () => {
    try {
      await deliver(incident, field.value.trim());
      const said = $("span", line).textContent;
      box.hidePopover();
      toast(said);
      if (!stream) location.reload();
    } catch (error) {
      $("span", line).replaceChildren(make("span", { className: "err" }, error.message));
    }
  });
  field.addEventListener("input", change);
  box.addEventListener("toggle", (event) => {
    if (event.newState !== "open") return;
    field.value = "";
    change();
    field.focus();
  });
  box.addEventListener("keydown", async (event) => {
    const list = rows();
    const at = list.indexOf(document.activeElement);
    if (event.key === "ArrowDown") list[at + 1]?.focus();
    else if (event.key === "ArrowUp") (list[at - 1] ?? field).focus();
    else if (event.key !== "Enter" || document.activeElement !== field || event.isComposing) return;
    event.preventDefault();
    if (event.key !== "Enter" || !field.value.trim()) return;
    const asked = field.value;
    await understood;
    if (field.value === asked) rows()[0]?.click();
  });
  // A verb of the page closes the palette first, then acts where the page shows it.
  for (const verb of $$("[data-key]", box)) {
    verb.addEventListener("click", (event) => {
      if (!ready(verb.dataset)) return;
      event.preventDefault();
      box.hidePopover();
      const { key, choose } = verb.dataset;
      const choice = choose && offered(choose);
      if (choice) choice.checked = true;
      else if (choose) return compose(`/${choose.slice(0, -1)} `);
      single[key]?.() || press(key);
    });
  }
};
