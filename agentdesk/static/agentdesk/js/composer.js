/* Writing: a reply and a note, each with its draft kept on the server as one types. The text is never
   swapped; the server's answers go to #composer-notice, the channel of the reply to #composer-via. A message that has just come in must have
   been before the writer's eyes before a reply leaves. */
import { csrfToken } from "./csrf.js";
import { begun, forget, gathered, posted, written } from "./draft.js";
import { writingPlace } from "./writing.js";

const SAVE_AFTER = 700;
const SEEN_AFTER = 1500;
const MOST_KEPT_ALIVE = 60_000; // browsers refuse more than 64 KiB on leaving
const FORM = "application/x-www-form-urlencoded";
const saved = new WeakMap();
let saveTimer = 0;
let underway = null;
let overtaken = null;
let seenTimer = 0;

const form = () => document.getElementById("composer");
const kind = () => form()?.dataset.kind ?? "note";
const field = (name = kind()) => form()?.querySelector(`textarea[data-for="${name}"]`);
const cursor = () => document.getElementById("thread-cursor")?.value ?? "0";

/* crypto.randomUUID is missing where the page came over plain http. */
function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/* Another member holds the right to answer: a reply may be read, not written. */
const holding = () => document.querySelector("#composer-state[data-locked]");

function isLocked() {
  return kind() === "reply" && (Boolean(holding()) || isClosed() || blocked() !== "");
}

/* The channel cannot be used: #composer-via says why. */
const isClosed = () => document.querySelector("#composer-via[data-closed]") !== null;

/* Why the reply has to wait: its files. */
function blocked() {
  const files = document.getElementById("composer-files");
  if (files?.querySelector("[data-refused]")) return form().dataset.removeRefused;
  return files?.querySelector("[data-busy]") ? form().dataset.busy : "";
}

function sayBlocked() {
  const words = document.getElementById("composer-blocked");
  if (!words) return;
  words.textContent = kind() === "reply" ? blocked() : "";
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
  const beside = text.dataset.for === "reply" ? gathered() : {};
  const now = written(text.value, beside);
  if (saved.get(text) === now) return;
  saved.set(text, now);
  hint("saving");
  const told = { kind: text.dataset.for, body: text.value, beside: posted(beside) };
  const body = new URLSearchParams(told).toString();
  try {
    underway = fetch(box.dataset.draft, {
      method: "POST",
      keepalive: leaving && body.length < MOST_KEPT_ALIVE,
      headers: { "X-CSRFToken": csrfToken(), "HX-Request": "true", "Content-Type": FORM },
      body,
    });
    const answer = await underway;
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
  } finally {
    underway = null;
  }
}

function topic() {
  return document.querySelector("[data-live-here]")?.dataset.liveHere ?? "";
}

function saveAll(options) {
  window.clearTimeout(saveTimer);
  for (const text of form()?.querySelectorAll("textarea[data-for]") ?? []) save(text, options);
}

function typed(text) {
  const writing = text.dataset.for === "reply" && text.value.trim() !== "";
  document.dispatchEvent(new CustomEvent("composer-writing", { detail: { writing } }));
  saveSoon(text);
}

function saveSoon(text) {
  window.clearTimeout(saveTimer);
  saveTimer = window.setTimeout(() => save(text), SAVE_AFTER);
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
  window.clearTimeout(saveTimer);
  overtaken = underway;
  box.elements.namedItem("body").value = field()?.value ?? "";
  const id = box.elements.namedItem("client_id");
  if (!id.value) id.value = newId();
  const seen = box.elements.namedItem("seen");
  if (!seen.value) seen.value = cursor();
}

/* A draft still on its way may arrive behind its own reply: it would stand there again, and hold the
   right to answer. */
function dropOvertaken(text) {
  const again = () => {
    saved.delete(text);
    save(text);
  };
  overtaken?.then(again, again);
  overtaken = null;
}

function sent() {
  const box = form();
  if (!box) return;
  const text = field();
  window.clearTimeout(saveTimer);
  text.value = "";
  if (kind() === "reply") forget();
  saved.set(text, "");
  dropOvertaken(text);
  text.dispatchEvent(new Event("input", { bubbles: true }));
  window.clearTimeout(saveTimer);
  box.elements.namedItem("client_id").value = "";
  if (kind() === "reply") document.getElementById("composer-files").replaceChildren();
  hint("");
  document.dispatchEvent(new CustomEvent("composer-writing", { detail: { writing: false } }));
  window.htmx.trigger(document.body, `live:${topic()}:message_added`);
  text.focus();
}

function refused() {
  window.htmx.trigger(document.body, `live:${topic()}:message_added`);
  see();
}

function begin() {
  const box = form();
  if (!box || box.dataset.begun) return;
  box.dataset.begun = "true";
  for (const text of box.querySelectorAll("textarea[data-for]")) {
    const beside = text.dataset.for === "reply" ? begun() : {};
    saved.set(text, written(text.value, beside));
  }
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
document.addEventListener("draft-beside", () => saveSoon(field("reply")));
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
