// The palette: one field for search and verbs. Enter takes the chosen verb, or else searches.
const palette = () => {
  const box = $("#palette");
  const field = $("#seek");
  if (!box || !field) return;
  const items = $$("#verbs > li");
  const shown = () => items.filter((item) => !item.hidden).map((item) => item.firstElementChild);
  const filter = () => {
    const text = field.value.trim().toLowerCase().replace(/^\//, "");
    items.forEach((item) => (item.hidden = !item.textContent.toLowerCase().includes(text)));
  };
  field.addEventListener("input", filter);
  box.addEventListener("toggle", (event) => {
    if (event.newState === "open") {
      field.value = "";
      filter();
      field.focus();
    }
  });
  box.addEventListener("keydown", (event) => {
    const list = shown();
    const at = list.indexOf(document.activeElement);
    if (event.key === "ArrowDown") list[at + 1]?.focus();
    else if (event.key === "ArrowUp") (list[at - 1] ?? field).focus();
    else if (event.key === "Enter" && document.activeElement === field && list.length === 1 && field.value.trim()) list[0].click();
    else return;
    event.preventDefault();
  });
  // A verb of the page closes the palette first, then acts where the page shows it.
  for (const verb of $$("button[data-key]", box)) {
    verb.addEventListener("click", () => {
      box.hidePopover();
      single[verb.dataset.key]?.() || press(verb.dataset.key);
    });
  }
};
// What the line will do is asked from the server, so that there is one grammar.
const hint = $("#parse")?.textContent ?? "";
let previewTimer = 0;
let previewTurn = 0;
const shownHint = (text, className) => {
  clearTimeout(previewTimer);
  previewTurn++;
  $("#parse").replaceChildren(make("span", { className }, text));
};
const preview = () => {
  const form = $("#composer");
  const field = $("#say");
  field?.addEventListener("input", () => {
    if (!field.value.trim()) return shownHint(hint, "dim");
    clearTimeout(previewTimer);
    previewTimer = setTimeout(async () => {
      const turn = ++previewTurn;
      try {
        const answer = await fetch(form.dataset.parse, { method: "POST", body: new URLSearchParams({ line: field.value }) });
        if (answer.ok && turn === previewTurn) $("#parse").replaceChildren(...parse(await answer.text()).childNodes);
      } catch { /* the line is kept; the state in the bar says that the connection is lost */ }
    }, 150);
  });
};
// Sends the composer's line without leaving the page; without a live stream the plain form does its work.
const send = () => {
  const form = $("#composer");
  form?.addEventListener("submit", async (event) => {
    const field = $("#say");
    const line = field.value.trim();
    if (!line || stream?.readyState !== EventSource.OPEN) return;
    event.preventDefault();
    const waiting = make("li", { className: "auto waiting" }, make("time", {}, "sending"), make("span"), make("div", {}, line));
    if (!line.startsWith("/")) $("#timeline")?.append(waiting);
    field.value = "";
    field.removeAttribute("aria-invalid");
    shownHint(hint, "dim");
    try {
      const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams({ line }), headers: { accept: "application/json" } });
      waiting.remove();
      if (answer.ok) return;
      const fault = await answer.json().catch(() => ({}));
      throw new Error(fault.detail?.replace(/^line: /, "") ?? `the server answered ${answer.status}`);
    } catch (error) {
      waiting.remove();
      field.value ||= line;
      field.setAttribute("aria-invalid", "true");
      shownHint(`Not added: ${error.message}`, "err");
      field.focus();
    }
  });
};
