/* What concerns the user, when they may be looking elsewhere: `notify` with {title, body, url, sound,
   tag}. Adds to the title and the badge of the installed desk, plays two soft notes, shows a desktop notification. Off switches:
   <html data-sounds="off" data-desktop="off">. Of several tabs only one speaks. */
import { emit } from "./events.js";
import { isPushed } from "./push.js";
import { alone, isList, readStored, writeStored } from "./storage.js";

const root = document.documentElement;
const NOTES = { message: [660, 880], chat: [784, 1047, 1319], ring: [880, 660, 880, 660], alert: [520, 520] };
const SAID = "agentdesk-said";
const HIDDEN_WAITS = 800; // ms
const MUTE_WAITS = 200;
let unseen = 0;
let audio = null;

/* Browsers play nothing before the first gesture. */
function unlock() {
  if (audio?.state === "running" || !navigator.userActivation?.isActive) return;
  audio ??= new AudioContext();
  if (audio.state === "suspended") audio.resume();
}

for (const gesture of ["pointerdown", "keydown"]) {
  document.addEventListener(gesture, unlock, { capture: true, passive: true });
}

function play(name) {
  if (root.dataset.sounds === "off" || audio?.state !== "running") return;
  (NOTES[name] ?? NOTES.message).forEach((frequency, index) => {
    const start = audio.currentTime + index * 0.16;
    const volume = audio.createGain();
    const tone = audio.createOscillator();
    volume.gain.setValueAtTime(0.0001, start);
    volume.gain.exponentialRampToValueAtTime(0.08, start + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, start + 0.15);
    tone.frequency.value = frequency;
    tone.connect(volume).connect(audio.destination);
    tone.start(start);
    tone.stop(start + 0.16);
  });
}

function badge() {
  const title = document.title.replace(/^\(\d+\) /, "");
  document.title = unseen ? `(${unseen}) ${title}` : title;
  navigator.setAppBadge?.(unseen).catch(() => {}); // not installed, or not allowed
}

function onDesktop({ title: heading, body = "", url = "", tag = "" }) {
  const isAllowed = "Notification" in window && Notification.permission === "granted";
  if (!isAllowed || root.dataset.desktop !== "on" || isPushed()) return; // the service worker says it
  const notification = new Notification(heading, { body, tag });
  notification.addEventListener("click", () => {
    window.focus();
    if (url) window.location.assign(url);
    notification.close();
  });
}

/* Every tab hears it, each when its own answer comes. The one that is looked at and may sound goes
   first; what has been said is kept where all tabs see it, and looked up one tab at a time. */
function speakOnce(tag, speak) {
  if (!tag) {
    speak();
    return;
  }
  const isMute = audio?.state !== "running";
  const once = () => {
    const said = readStored("localStorage", SAID, [], isList);
    if (said.includes(tag)) return;
    writeStored("localStorage", SAID, [...said, tag].slice(-50));
    speak();
  };
  window.setTimeout(
    () => alone(SAID, once),
    (document.hidden ? HIDDEN_WAITS : 0) + (isMute ? MUTE_WAITS : 0),
  );
}

document.addEventListener("notify", ({ detail }) => {
  if (document.hidden) {
    unseen += 1;
    badge();
  }
  speakOnce(detail.tag, () => {
    if (detail.sound) play(detail.sound === true ? "message" : detail.sound);
    if (document.hidden) onDesktop(detail);
  });
});

/* The provider may refuse it much later: of the conversation on the screen the thread itself says so. */
document.addEventListener("replies-not-sent", ({ detail }) => {
  const shown = Number(document.getElementById("workspace")?.dataset.conversation);
  for (const { conversation, title, text, label, url } of detail.replies) {
    if (conversation === shown && !document.hidden) continue;
    const action = { label, href: url };
    emit("toast", { title, text, tone: "danger", action });
  }
});

document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  unseen = 0;
  badge();
});

/* [data-ask-desktop]: the browser asks only after a click. */
document.addEventListener("click", async ({ target }) => {
  const button = target.closest?.("[data-ask-desktop]");
  if (!button || !("Notification" in window)) return;
  const answer = await Notification.requestPermission();
  root.dataset.desktop = answer === "granted" ? "on" : "off";
});
