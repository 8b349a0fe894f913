// Keeps times true: ago, age, left. The words are those of the server (pages/words.rs).
const two = (number) => String(number).padStart(2, "0");
const commas = (number) => number.toLocaleString("en-US");
const span = (s) => (s < 60 ? `${s} s` : s < 3600 ? `${Math.floor(s / 60)} min` : s < 172800 ? `${Math.floor(s / 3600)} h` : `${commas(Math.floor(s / 86400))} d`);
const hours = (s) => `${Math.floor(s / 3600)} h ${two(Math.floor((s % 3600) / 60))} min`;
const age = (s) => (s < 3600 ? span(s) : s < 86400 ? hours(s) : `${commas(Math.floor(s / 86400))} d`);
const near = (s) => (s < 3600 ? `${two(Math.floor(s / 60))}:${two(s % 60)}` : s < 259200 ? hours(s) : `${commas(Math.floor(s / 86400))} d`);
const words = {
  ago: (s) => span(Math.max(0, s)),
  age: (s) => age(Math.max(0, s)),
  left: (s) => (s > 0 ? `${near(s)} over` : -s > 604800 ? null : near(-s)),
};
const zone = (at) => at.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false });
const clock = (at) => `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`;
// Fuses burn and grow loud as the server would draw them (pages/due.rs); your own overdue duty is announced once.
const loaded = now();
let announced = 0;
const burn = () => {
  for (const fuse of $$(".fuse[data-due]")) {
    const due = Number(fuse.dataset.due) * 1000;
    const left = due - now();
    const percent = left < 0 ? 100 : Math.max(1, Math.floor((left * 100) / Math.max(1, due - fuse.dataset.from * 1000)));
    const bar = fuse.closest(".due-first");
    fuse.lastElementChild.setAttribute("width", percent);
    for (const part of bar ? [fuse, bar] : [fuse]) {
      part.classList.toggle("alarm", left < 0);
      part.classList.toggle("soon", left >= 0 && percent <= 10);
    }
    if (bar && left < 0 && due > loaded && announced !== due && bar.textContent.includes("You owe it.")) {
      announced = due;
      document.body.append(make("p", { className: "vh", role: "alert" }, `${$("h2", bar).textContent} is overdue.`));
    }
  }
};
const tick = () => {
  burn();
  const second = Math.floor(now() / 1000);
  for (const time of $$("time[data-t]")) {
    const text = words[time.dataset.t]?.(second - Math.floor(Date.parse(time.dateTime) / 1000));
    if (text && text !== time.textContent) time.textContent = text;
  }
  if (!wall) return;
  const at = new Date(now());
  const utc = `${clock(at)} UTC`;
  if (wall.textContent !== utc) {
    wall.textContent = utc;
    if (at.getTimezoneOffset()) $("#local").textContent = `${zone(at)} local`;
  }
};
// A time's title gives the reader's own time too, written when it is asked for.
document.addEventListener("pointerover", (event) => {
  const time = event.target.closest?.("time[title]");
  if (!time || time.dataset.own) return;
  time.dataset.own = "1";
  const at = new Date(time.dateTime);
  if (at.getTimezoneOffset()) time.title += `, ${at.toLocaleString([], { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hour12: false })} local`;
});
