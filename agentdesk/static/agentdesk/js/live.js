/* The one socket of this tab, at the address of <meta name="live-address">; a page without it has none.
   The live regions that stand on the page (live-region.js) say what it watches. Each signal becomes a DOM
   event on <body>, live:signal with {topic, kind, ids}. A frame is one signal, or a list of several that
   came close together. What came between the page's making and its first signal is read at
   live:started (once); live:subscribed says, whenever the topics are others, how far the new ones have
   come: {cursors}. After a reconnect live:reconnected makes every region read itself again: a lost
   signal heals itself. A region that replaces itself says hx-sync="this:replace": what it had queued
   would be forgotten with the element it stood on. */
import { emit } from "./events.js";

const HEARTBEAT = 20_000;
const SILENCE = 45_000;
const SESSION_ENDED = 4401;
const place = document.querySelector("meta[name=live-address]");
const address = place?.content;
const ownUser = Number(place?.dataset.user);
let socket = null;
let tries = 0;
let timer = 0;
let heardAt = 0;
let wasOpen = false;
let hasStarted = false;
const regions = new Set();
let watched = "";
let isWatchDue = false;
let writing = false;

function say(name, detail = {}) {
  document.body.dispatchEvent(new CustomEvent(name, { detail }));
}

function announce(name, detail) {
  emit(name, detail);
}

function send(frame) {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(frame));
}

function topicsOnScreen() {
  return [...new Set([...regions].flatMap(({ topics }) => topics))].sort();
}

function sendTopics({ always = false } = {}) {
  isWatchDue = false;
  const topics = topicsOnScreen();
  const names = topics.join(" ");
  if (!always && names === watched) return;
  watched = names;
  send({ do: "watch", topics });
}

/* Once for all regions that come and go together. */
export function watchAgain() {
  if (isWatchDue) return;
  isWatchDue = true;
  queueMicrotask(sendTopics);
}

export function watch(region) {
  regions.add(region);
  watchAgain();
}

export function unwatch(region) {
  regions.delete(region);
  watchAgain();
}

function here() {
  const place = document.querySelector("[data-live-here]")?.dataset.liveHere ?? null;
  send({ do: "here", topic: document.hidden ? null : place, writing });
}

function caughtUp({ cursors = {} }) {
  here();
  say("live:subscribed", { cursors });
  if (!hasStarted) say("live:started");
  hasStarted = true;
}

function receive({ kind, topic, ids, ...frame }) {
  heardAt = Date.now();
  if (document.documentElement.dataset.connection && navigator.onLine) announce("connection-back");
  if (!topic) {
    if (kind === "watching") caughtUp(frame);
    if (kind === "resync") window.setTimeout(() => say("live:reconnected"), Math.random() * 2000);
    return;
  }
  if (kind === "presence_changed" && ids.user === ownUser) return; // nobody sees themselves
  say("live:signal", { topic, kind, ids });
}

function opened() {
  tries = 0;
  heardAt = Date.now();
  sendTopics({ always: true });
  announce("connection-back");
  if (wasOpen) say("live:reconnected");
  wasOpen = true;
}

/* Half a second at first, half a minute at most, and never all desks at the same moment. */
function retryLater() {
  const limit = Math.min(30_000, 500 * 2 ** tries);
  tries += 1;
  window.clearTimeout(timer);
  timer = window.setTimeout(connect, limit / 2 + (Math.random() * limit) / 2);
}

function closed({ code }) {
  socket = null;
  if (code === SESSION_ENDED) {
    announce("session-locked");
    return;
  }
  announce("connection-lost");
  retryLater();
}

function connect() {
  window.clearTimeout(timer);
  if (socket || !address) return;
  const url = new URL(address, window.location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  socket = new WebSocket(url);
  socket.addEventListener("open", opened);
  socket.addEventListener("close", closed);
  socket.addEventListener("message", ({ data }) => [JSON.parse(data)].flat().forEach(receive));
}

/* A socket that has said nothing although we asked is dead: laptops sleep, proxies forget. */
function beat() {
  if (socket && heardAt && Date.now() - heardAt > SILENCE) socket.close();
  send({ do: "ping" });
  here();
}

function again() {
  tries = 0;
  connect();
  send({ do: "ping" });
}

/* Not before htmx listens to what the signals become. */
if (document.readyState === "complete") connect();
else document.addEventListener("DOMContentLoaded", () => window.setTimeout(connect));
window.setInterval(beat, HEARTBEAT);
document.addEventListener("connection-retry", again);
document.addEventListener("session-unlocked", again);
document.addEventListener("connection-doubt", () => send({ do: "ping" }));
document.addEventListener("visibilitychange", here);
document.addEventListener("composer-writing", ({ detail }) => {
  if (writing === detail.writing) return;
  writing = detail.writing;
  here();
});
/* What a live region fetches by itself does not keep a session awake. What comes by the clock ("every 2s")
   or with the page has no event. */
const BY_ITSELF = /\b(every|load)\b/;

function isByItself({ elt, triggeringEvent }) {
  if (!triggeringEvent) return BY_ITSELF.test(elt.getAttribute("hx-trigger") ?? "");
  return triggeringEvent.type.startsWith("live:") || triggeringEvent.type === "load";
}

document.addEventListener("htmx:configRequest", ({ detail }) => {
  if (isByItself(detail)) detail.headers["X-Background"] = "1";
});
