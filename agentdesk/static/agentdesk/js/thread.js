/* The open thread: what came is appended by its own region; here, what changed is read again, what
   was seen is told, and the customer's typing is shown. */
const TYPING_SHOWN = 6000;
const READ_AFTER = 800;
const LOOK_EVERY = 5000;
const MOST_PAGES = 50;
const underway = new Map();
const missed = new Set();
let typingTimer = 0;
let readTimer = 0;

function pane() {
  return document.getElementById("conversation");
}

function topic() {
  return pane()?.dataset.liveTopic ?? "";
}

/* One request a message at a time: what changes meanwhile is read once more. A change may also
   overtake the message itself, which is read again as soon as it is there. */
async function reload(pk) {
  const item = document.getElementById(`message-${pk}`);
  const address = document.getElementById("thread")?.dataset.messages;
  if (!item || !address) {
    missed.add(String(pk));
    return;
  }
  if (underway.has(pk)) {
    underway.set(pk, true);
    return;
  }
  underway.set(pk, false);
  const headers = { "X-Background": "1" };
  const where = { source: item, target: item, swap: "outerHTML", headers };
  await window.htmx.ajax("GET", `${address}${pk}/`, where).catch(() => {});
  const isChanged = underway.get(pk);
  underway.delete(pk);
  if (isChanged) reload(pk);
}

function catchUp() {
  for (const pk of [...missed]) {
    if (!document.getElementById(`message-${pk}`)) continue;
    missed.delete(pk);
    reload(pk);
  }
}

/* A signal may be lost: what is still on its way is looked at again. */
function lookAgain() {
  if (document.hidden) return;
  for (const item of document.querySelectorAll("#thread > .message--queued, #thread > .message--sending")) {
    reload(item.dataset.pk);
  }
}

function showTyping(on) {
  const text = document.getElementById("typing-text");
  if (!text) return;
  text.hidden = !on;
  window.clearTimeout(typingTimer);
  if (on) typingTimer = window.setTimeout(() => showTyping(false), TYPING_SHOWN);
}

/* A colleague, or this member elsewhere, has seen them. */
function markRead(newest) {
  for (const item of document.querySelectorAll("#thread > [data-unread]")) {
    if (Number(item.dataset.pk) <= Number(newest)) delete item.dataset.unread;
  }
}

/* The socket listens now: what came between the page's making and this moment is read, where the thread
   is not as far as the server says. */
document.body.addEventListener("live:subscribed", ({ detail: { cursors } }) => {
  const newest = cursors[topic()];
  const shown = document.getElementById("thread-cursor")?.value;
  if (newest > Number(shown)) window.htmx.trigger(document.body, "live:watching");
});

/* The newest messages are on the screen of somebody who is there: that is read. */
function tellRead() {
  window.clearTimeout(readTimer);
  readTimer = window.setTimeout(() => {
    const thread = document.getElementById("thread");
    const unread = thread?.querySelectorAll("[data-unread]") ?? [];
    if (!unread.length || document.hidden || !document.hasFocus()) return;
    for (const item of unread) delete item.dataset.unread;
    window.htmx.ajax("POST", thread.dataset.read, { swap: "none" });
  }, READ_AFTER);
}

function dropRepeats() {
  const seen = new Set();
  for (const item of document.querySelectorAll("#thread > [id]")) {
    if (seen.has(item.id)) item.remove();
    else seen.add(item.id);
  }
}

/* A message of the thread; what is further up than the page goes is fetched page by page. */
async function brought(id) {
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const item = document.getElementById(id);
    const earlier = document.querySelector("#thread-top [hx-get]");
    if (item || !earlier) return item;
    const how = { source: earlier, target: "#thread", swap: "afterbegin" };
    await window.htmx.ajax("GET", earlier.getAttribute("hx-get"), how);
  }
  return document.getElementById(id);
}

/* To what a message quotes. */
document.addEventListener("click", async (event) => {
  const link = event.target.closest?.("[data-jump-to]");
  if (!link) return;
  event.preventDefault();
  const item = await brought(link.dataset.jumpTo);
  if (!item) return;
  const isCalm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  item.scrollIntoView({ block: "center", behavior: isCalm ? "auto" : "smooth" });
  item.classList.add("message--found");
  item.addEventListener("animationend", () => item.classList.remove("message--found"), {
    once: true,
  });
});

document.body.addEventListener("live:signal", ({ detail: signal }) => {
  if (signal.topic !== topic()) return;
  if (signal.kind === "message_changed") reload(String(signal.ids.message));
  if (signal.kind === "messages_read") markRead(signal.ids.message);
  if (signal.kind === "typing") showTyping(Boolean(signal.ids.on));
  if (signal.kind === "message_added") showTyping(false);
});

/* Earlier messages come in above: what one reads stays where it is. */
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const box = document.querySelector("[data-stick]");
  if (detail.target?.id === "workspace") missed.clear();
  if (detail.target?.id !== "thread" || !box) return;
  if (detail.requestConfig.elt.closest?.("[data-keep-scroll]")) {
    const fromEnd = box.scrollHeight - box.scrollTop;
    document.addEventListener(
      "htmx:afterSettle",
      () => {
        box.scrollTop = box.scrollHeight - fromEnd;
      },
      { once: true },
    );
  }
});

document.addEventListener("htmx:afterSettle", ({ detail }) => {
  if (detail.target?.id === "thread") {
    dropRepeats();
    catchUp();
    document.getElementById("thread-empty")?.remove();
  }
  tellRead();
});
window.setInterval(lookAgain, LOOK_EVERY);
document.addEventListener("visibilitychange", tellRead);
window.addEventListener("focus", tellRead);
tellRead();
