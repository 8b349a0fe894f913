// A page to the reader: said once, with a sound and a notification where they asked for it.
let pagedBy = null;
const paged = () => {
  const call = $("#mine [data-paged]");
  const id = call?.dataset.paged ?? null;
  if (id === pagedBy) return;
  pagedBy = id;
  document.title = document.title.replace(/^\(!\) /, "");
  if (!call) return;
  document.title = `(!) ${document.title}`;
  say(`You are paged: ${call.textContent.trim()}`);
  if (call.dataset.sound === undefined) return;
  if (window.Notification?.permission === "granted") new Notification("Watchfire", { body: "You are paged. Open the console.", tag: id });
  try {
    const audio = new AudioContext();
    const tone = audio.createOscillator();
    tone.connect(audio.destination);
    tone.start();
    tone.stop(audio.currentTime + 0.6);
    tone.addEventListener("ended", () => audio.close());
  } catch {
    // No sound before the reader has touched the page: the words are there.
  }
};
document.addEventListener("change", (event) => {
  if (event.target.name === "sound" && event.target.checked) window.Notification?.requestPermission?.();
});
