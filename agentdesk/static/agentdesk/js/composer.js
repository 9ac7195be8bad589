/* Writing: a reply and a note, each with its draft kept on the server as one types. The text is never
   swapped; the server's answers go to #composer-notice, the channel of the reply to #composer-via. A
   message that has just come in must have been before the writer's eyes before a reply leaves. What is
   under way is remembered: its answer clears that alone, whatever is being written by then. When the
   reply has gone `reply-sent` is said, when the note has, `note-sent`. */
import { csrfToken } from "./csrf.js";
import { begun, forget, gathered, posted, written } from "./draft.js";
import { watchBehind } from "./left-behind.js";
import { writingPlace } from "./writing.js";

const SAVE_AFTER = 700;
const SEEN_AFTER = 1500;
const MOST_KEPT_ALIVE = 60_000; // browsers refuse more than 64 KiB on leaving
const FORM = "application/x-www-form-urlencoded";
const saved = new WeakMap();
const timers = new WeakMap();
let outgoing = null; // of the message under way: { kind, body, files, from }
let seenTimer = 0;

const form = () => document.getElementById("composer");
const kind = () => form()?.dataset.kind ?? "note";
const field = (name = kind()) => form()?.querySelector(`textarea[data-for="${name}"]`);
const BOXES = { reply: "composer-files", note: "composer-note-files" };
const filesOf = (name = kind()) => document.getElementById(BOXES[name]);
const cursor = () => document.getElementById("thread-cursor")?.value ?? "0";

/* crypto.randomUUID is missing where the page came over plain http. */
function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/* A message keeps its id until it is known to have arrived: a second submission is the same one, and a
   draft that arrives behind it is dropped by the server. */
function idOf(text) {
  text.dataset.clientId ??= newId();
  return text.dataset.clientId;
}

/* Another member holds the right to answer: a reply may be read, not written. */
const holding = () => document.querySelector("#composer-state[data-locked]");

function isLocked() {
  return blocked() !== "" || (kind() === "reply" && (Boolean(holding()) || isClosed()));
}

/* The channel cannot be used: #composer-via says why. */
const isClosed = () => document.querySelector("#composer-via[data-closed]") !== null;

/* Why the message has to wait: its files. */
function blocked() {
  const files = filesOf();
  if (files?.querySelector("[data-refused]")) return form().dataset.removeRefused;
  return files?.querySelector("[data-busy]") ? form().dataset.busy : "";
}

function sayBlocked() {
  const words = document.getElementById("composer-blocked");
  if (!words) return;
  words.textContent = blocked();
  words.hidden = words.textContent === "";
}

function hint(name) {
  const state = document.getElementById("draft-state");
  if (state) state.textContent = form()?.dataset[name] ?? "";
}

/* --- which of the two is being written --- */
function show(name) {
  const box = form();
  if (!box) return;
  box.dataset.kind = name;
  for (const text of box.querySelectorAll("textarea[data-for]")) {
    text.hidden = text.dataset.for !== name;
  }
  for (const label of box.querySelectorAll("[data-send-label]")) {
    label.hidden = label.dataset.sendLabel !== name;
  }
  for (const each of Object.keys(BOXES)) {
    filesOf(each).hidden = filesOf(each).disabled = each !== name;
  }
  lock();
}

function lock() {
  const box = form();
  if (!box) return;
  const locked = isLocked();
  box.toggleAttribute("data-locked", kind() === "reply" && Boolean(holding()));
  const text = field("reply");
  if (text) {
    const isTaken = Boolean(holding()) && !text.readOnly && text.value.trim() !== "";
    text.readOnly = Boolean(holding());
    if (isTaken) sayTaken();
  }
  box.querySelector("[data-send]").disabled = locked;
  sayBlocked();
}

function sayTaken() {
  const title = holding().dataset.taken;
  document.dispatchEvent(new CustomEvent("toast", { detail: { title, tone: "warning" } }));
}

/* --- drafts --- */
async function save(text, { leaving = false } = {}) {
  const box = text?.closest("[data-composer]");
  if (!box) return;
  const beside = gathered(text.dataset.for);
  const now = written(text.value, beside);
  if (saved.get(text) === now) return;
  saved.set(text, now);
  hint("saving");
  const body = new URLSearchParams({
    kind: text.dataset.for,
    body: text.value,
    beside: posted(beside),
    client_id: idOf(text),
  }).toString();
  try {
    const answer = await fetch(box.dataset.draft, {
      method: "POST",
      keepalive: leaving && body.length < MOST_KEPT_ALIVE,
      headers: { "X-CSRFToken": csrfToken(), "HX-Request": "true", "Content-Type": FORM },
      body,
    });
    if (answer.status === 409) {
      window.htmx.trigger(document.body, `live:${topic()}:compose_changed`);
    } else if (answer.status === 401) {
      saved.delete(text);
      document.dispatchEvent(
        new CustomEvent("session-locked", { detail: { retry: () => save(text) } }),
      );
      return;
    } else if (!answer.ok) {
      throw new Error(String(answer.status));
    }
    hint(now ? "saved" : "");
  } catch {
    saved.delete(text);
    hint("unsaved");
    document.dispatchEvent(new CustomEvent("connection-doubt"));
  }
}

function topic() {
  return document.querySelector("[data-live-here]")?.dataset.liveHere ?? "";
}

function saveAll(options) {
  for (const text of form()?.querySelectorAll("textarea[data-for]") ?? []) {
    window.clearTimeout(timers.get(text));
    save(text, options);
  }
}

function typed(text) {
  const writing = text.dataset.for === "reply" && text.value.trim() !== "";
  document.dispatchEvent(new CustomEvent("composer-writing", { detail: { writing } }));
  saveSoon(text);
}

function saveSoon(text) {
  if (!text) return;
  window.clearTimeout(timers.get(text));
  timers.set(text, window.setTimeout(() => save(text), SAVE_AFTER));
}

/* --- what the writer has seen --- */
function see() {
  window.clearTimeout(seenTimer);
  const newest = cursor();
  seenTimer = window.setTimeout(() => {
    const seen = form()?.elements.namedItem("seen");
    if (seen && !document.hidden) seen.value = newest;
  }, SEEN_AFTER);
}

/* --- sending --- */
function prepare() {
  const box = form();
  const text = field();
  window.clearTimeout(timers.get(text));
  outgoing = {
    kind: kind(),
    body: text.value,
    files: [...filesOf().children],
    from: document.activeElement,
  };
  box.elements.namedItem("body").value = text.value;
  box.elements.namedItem("client_id").value = idOf(text);
  const seen = box.elements.namedItem("seen");
  if (!seen.value) seen.value = cursor();
}

/* What was typed while the message was under way has not gone with it. */
function rest(now, gone) {
  if (now === gone) return "";
  return now.startsWith(gone) ? now.slice(gone.length).trimStart() : now;
}

function sent() {
  if (!form() || !outgoing) return;
  const { kind: name, body, files, from } = outgoing;
  const text = field(name);
  outgoing = null;
  delete text.dataset.clientId;
  text.value = rest(text.value, body);
  for (const file of files) file.remove();
  forget(name);
  saved.set(text, "");
  text.dispatchEvent(new Event("input", { bubbles: true }));
  hint(kind() === name ? "" : "saved");
  window.htmx.trigger(document.body, `live:${topic()}:message_added`);
  // Whoever has gone on to something else meanwhile is left there.
  if (document.activeElement === from) writingPlace()?.focus();
  document.dispatchEvent(new CustomEvent(`${name}-sent`));
}

/* What had gone already keeps its id; what stands there now is another message. */
function refused({ detail }) {
  if (detail.isSent && outgoing) delete field(outgoing.kind).dataset.clientId;
  outgoing = null;
  window.htmx.trigger(document.body, `live:${topic()}:message_added`);
  see();
}

function begin() {
  const box = form();
  if (!box || box.dataset.begun) return;
  box.dataset.begun = "true";
  for (const text of box.querySelectorAll("textarea[data-for]")) {
    saved.set(text, written(text.value, begun(text.dataset.for)));
  }
  watchBehind(box);
  box.elements.namedItem("seen").value = cursor();
  const reply = field("reply");
  if (reply) reply.readOnly = Boolean(holding());
  show(box.dataset.kind);
  hint(saved.get(field()) ? "saved" : "");
  document.dispatchEvent(new CustomEvent("composer-writing", { detail: { writing: false } }));
}

document.addEventListener("input", ({ target }) => {
  if (target.matches?.("#composer textarea[data-for]")) typed(target);
});
document.addEventListener("change", ({ target }) => {
  if (!target.matches?.("#composer input[name=kind]")) return;
  show(target.value);
  writingPlace()?.focus();
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  if (event.isComposing || event.keyCode === 229) return;
  const owner = event.target.closest?.("form[data-composer], dialog form");
  if (!owner) return;
  event.preventDefault();
  const button =
    owner.querySelector("[data-default-submit]") ?? owner.querySelector("[type=submit]");
  if (button) button.click();
  else owner.requestSubmit();
});
document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.elt !== form() || event.detail.verb !== "post") return;
  if (isLocked()) {
    event.preventDefault();
    return;
  }
  prepare();
  for (const name of ["body", "client_id", "seen"]) {
    event.detail.parameters[name] = form().elements.namedItem(name).value;
  }
});
document.addEventListener("composer-files", lock);
document.addEventListener("draft-beside", ({ detail }) => saveSoon(field(detail.kind)));
document.addEventListener("via-changed", lock);
document.addEventListener("composer-sent", sent);
document.addEventListener("composer-refused", refused);
document.addEventListener("focusout", ({ target }) => {
  if (target.matches?.("#composer textarea[data-for]")) save(target);
});
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.target?.id === "workspace") saveAll({ leaving: true });
});
document.addEventListener("htmx:afterSettle", ({ detail }) => {
  begin();
  lock();
  if (detail.target?.id === "thread") see();
});
window.addEventListener("pagehide", () => saveAll({ leaving: true }));
document.addEventListener("connection-back", () => saveAll());
begin();
