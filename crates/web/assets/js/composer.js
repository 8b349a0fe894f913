// The composer. What the line will do is asked from the server, so that there is one grammar.
const hint = $("#parse")?.textContent ?? "";
let previewTimer = 0;
let asking;
// It is announced: so it changes only when it says something else.
const shown = (...nodes) => {
  const fresh = make("p", {}, ...nodes);
  if (fresh.textContent !== $("#parse").textContent) $("#parse").replaceChildren(...fresh.childNodes);
};
const shownHint = (text, className) => {
  clearTimeout(previewTimer);
  asking?.abort();
  shown(make("span", { className }, text));
};
const understand = async (incident, line, signal) => {
  const answer = await fetch(`${incident}/parse`, { method: "POST", body: new URLSearchParams({ line }), signal });
  return answer.ok ? [...parse(await answer.text()).childNodes] : [];
};
// Sends a line; what went wrong is thrown in words.
const deliver = async (incident, line) => {
  let answer;
  try {
    const wish = { method: "POST", body: new URLSearchParams({ line }), headers: { accept: "application/json" } };
    answer = await fetch(`${incident}/say`, { ...wish, signal: AbortSignal.timeout(10000) });
  } catch {
    throw new Error("The server cannot be reached; the text is kept");
  }
  if (answer.ok) return;
  if (answer.status === 401) throw new Error("You were signed out; the text is kept", { cause: 401 });
  const fault = await answer.json().catch(() => ({}));
  throw new Error(`Not added: ${fault.detail?.replace(/^line: /, "") ?? `the server answered ${answer.status}`}`);
};
const drafts = "wf-draft";
const forget = () => Object.keys(sessionStorage).filter((name) => name.startsWith(drafts)).forEach((name) => session(name, null));
// A line that was given back although it arrived: the server was slow, not gone. It does not stay to be sent twice.
let doubted = "";
const arrived = (added) => {
  const field = $("#say");
  if (!doubted || field?.value.trim() !== doubted || !added.some((entry) => entry.textContent.includes(doubted))) return;
  doubted = field.value = "";
  field.dispatchEvent(new Event("input"));
};
const composer = () => {
  const form = $("#composer");
  const field = $("#say");
  if (!form) return;
  const incident = form.getAttribute("action").replace(/\/say$/, "");
  const draft = `${drafts} ${$("a.login")?.textContent} ${incident}`;
  field.addEventListener("input", () => {
    session(draft, field.value || null);
    if (!field.value.trim()) return shownHint(hint, "dim");
    clearTimeout(previewTimer);
    previewTimer = setTimeout(async () => {
      asking?.abort();
      const own = (asking = new AbortController());
      try {
        const words = await understand(incident, field.value, own.signal);
        if (words.length && !own.signal.aborted) shown(...words);
      } catch { /* the line is kept; the state in the bar says that the connection is lost */ }
    }, 150);
  });
  field.value ||= session(draft) ?? "";
  if (field.value) field.dispatchEvent(new Event("input"));
  // Sent without leaving the page; where nothing is live the page is loaded again.
  form.addEventListener("submit", async (event) => {
    const line = field.value.trim();
    if (!line) return;
    event.preventDefault();
    const waiting = make("li", { className: "auto waiting" }, make("time", {}, "sending"), make("span"), make("div", {}, line));
    if (!line.startsWith("/")) $("#timeline")?.append(waiting);
    seen();
    doubted = field.value = "";
    field.removeAttribute("aria-invalid");
    shownHint(hint, "dim");
    try {
      await deliver(incident, line);
      session(draft, field.value || null);
      if (stream?.readyState !== EventSource.OPEN) location.reload();
    } catch (error) {
      doubted = field.value ||= line;
      field.setAttribute("aria-invalid", "true");
      shownHint(error.message, "err");
      field.focus();
      if (error.cause === 401) signedOut();
    } finally {
      waiting.remove();
    }
  });
};
