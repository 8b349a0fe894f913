// The page's live stream, and whether what it shows can be trusted to be the present.
const state = $("#state");
const say = (text) => {
  let box = $("#say-live");
  if (!box) document.body.append((box = make("div", { id: "say-live", className: "vh", role: "status" })));
  box.textContent = text;
};
// The server says something at least every 15 seconds: a connection that is silent for longer may be dead and not know it.
const silence = 35000;
let heard = Date.now();
let asked = heard;
let stream;
let again = 0;
const status = (live) => {
  if (!state || state.dataset.live === String(live)) return;
  state.dataset.live = live;
  state.className = live ? "is is-good" : "is is-dim";
  const at = new Date(heard + skew);
  state.textContent = live ? "Live" : `Shown as of ${clock(at)}:${two(at.getUTCSeconds())}`;
};
// The session is over. What was typed stays on the page, with a way to sign in beside it.
const signedOut = () => {
  stream?.close();
  clearTimeout(again);
  status(false);
  if (!unsent().length) return location.reload();
  if ($("#out")) return;
  const link = make("a", { href: `/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`, target: "_blank", rel: "noopener" }, "Sign in");
  const words = make("p", {}, make("b", {}, "You were signed out; the text is kept."), " ", link, " in another tab, then come back here.");
  $("#main").prepend(make("div", { id: "out", className: "notice caution", role: "alert" }, words));
};
// A refusal says no reason: a session that is over is asked for by itself.
const refused = async () => {
  try {
    if ((await fetch("/api/v1/me", { signal: AbortSignal.timeout(10000) })).status === 401) signedOut();
  } catch { /* the server cannot be reached: it is asked again later */ }
};
const events = {
  part: (data) => take(data),
  beat: () => {},
  ready: () => {
    $("#out")?.remove();
    status(true);
  },
  gone: () => location.reload(),
  out: signedOut,
};
const listen = () => {
  const page = document.body.dataset.live;
  if (!page) return;
  clearTimeout(again);
  stream?.close();
  asked = Date.now();
  const own = (stream = new EventSource(`/live?page=${encodeURIComponent(page)}`));
  for (const [name, act] of Object.entries(events)) {
    own.addEventListener(name, (event) => {
      heard = Date.now();
      act(event.data);
    });
  }
  own.onerror = () => {
    status(false);
    // A refusal ends the stream for good; after that only a fresh one, later, can tell whether the server is back.
    if (own.readyState !== EventSource.CLOSED || own !== stream) return;
    again = setTimeout(listen, 5000 + Math.random() * 5000);
    refused();
  };
};
// Looked at every second and whenever the page comes back: after sleep the connection may be long gone.
const watch = () => {
  if (!stream || stream.readyState === EventSource.CLOSED || Math.abs(Date.now() - Math.max(heard, asked)) < silence) return;
  status(false);
  listen();
};
const woken = () => {
  if (document.hidden) return;
  if ($("#out")) listen();
  else watch();
};
document.addEventListener("visibilitychange", woken);
for (const event of ["online", "pageshow", "focus"]) addEventListener(event, woken);
