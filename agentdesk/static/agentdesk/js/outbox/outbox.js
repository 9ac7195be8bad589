/* The outbox: what could not be sent is sent again by itself, under the same client id, so that it counts
   once however often it is tried; after moving on, a reload and hours without a line. What the server
   refuses stays as it is until its writer decides: again, or back into the composer. */
import { csrfToken } from "../csrf.js";
import { emit } from "../events.js";
import { alone } from "../storage.js";
import { change, entries, entryOf, put, remove } from "./entries.js";

const PAUSES = [2_000, 5_000, 15_000, 30_000, 60_000];
const FORM = "application/x-www-form-urlencoded";
const underway = new Set(); // by a composer of this page
const timers = new Map();

function headers() {
  return { "X-CSRFToken": csrfToken(), "HX-Request": "true", "Content-Type": FORM };
}

function posted(path, fields) {
  const body = new URLSearchParams(fields).toString();
  return fetch(path, { method: "POST", headers: headers(), body });
}

/* By its composer, which says how it went. */
export function begin(entry) {
  underway.add(entry.id);
  put({ ...entry, state: "sending", reason: "", attempts: 0 });
}

export function sent(id, detail) {
  underway.delete(id);
  const entry = entryOf(id);
  remove(id);
  emit("outbox-sent", { ...detail, id, entry });
}

/* The composer has it again. */
export function givenBack(id) {
  underway.delete(id);
  remove(id);
}

/* Nobody answered: it goes by itself as soon as somebody does. */
export function wait(id) {
  underway.delete(id);
  const attempts = (entryOf(id)?.attempts ?? 0) + 1;
  change(id, { state: "waiting", attempts });
  const pause = PAUSES[Math.min(attempts, PAUSES.length) - 1];
  window.clearTimeout(timers.get(id));
  timers.set(id, window.setTimeout(() => sendAgain(id), pause));
}

export function refused(id, { reason, confirm = "" }) {
  underway.delete(id);
  change(id, { state: "failed", reason, confirm });
}

/* What a refusal of the composer's address says, and what lets it pass. */
export function refusalOf(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const warnings = [...page.querySelectorAll(".send-warnings__one > span")];
  const words = warnings.map(({ textContent }) => textContent.trim());
  return {
    reason: words.join(" ") || page.querySelector(".banner__body")?.textContent.trim() || "",
    confirm: page.querySelector("[data-send-anyway]")?.dataset.sendAnyway ?? "",
  };
}

async function attempt(id) {
  const entry = entryOf(id);
  if (!entry || underway.has(id)) return;
  let answer;
  try {
    answer = await posted(entry.path, entry.fields);
  } catch {
    wait(id);
    return;
  }
  if (answer.ok) {
    const triggers = JSON.parse(answer.headers.get("HX-Trigger") ?? "{}");
    sent(id, triggers["composer-sent"] ?? {});
  } else if (answer.status === 401) {
    emit("session-locked", { retry: () => sendAgain(id) });
  } else if (answer.status >= 500 || answer.status === 429) {
    wait(id);
  } else {
    refused(id, refusalOf(await answer.text()));
  }
}

/* One tab at a time, though it would count once. */
function sendAgain(id) {
  window.clearTimeout(timers.get(id));
  return alone("agentdesk.outbox", () => attempt(id));
}

/* Its writer wants it so, having seen what is on the screen. */
export function resend(id, { seen }) {
  const entry = entryOf(id);
  if (!entry) return;
  const given = { ...(seen && { seen }), ...(entry.confirm && { confirmed: entry.confirm }) };
  const others = entry.fields.filter(([name]) => !(name in given));
  change(id, { fields: [...others, ...Object.entries(given)], state: "sending", reason: "" });
  sendAgain(id);
}

/* Back into the composer: it is a draft again, before what is being written there now. */
export async function fix(id) {
  const entry = entryOf(id);
  if (!entry) return false;
  const { kind, body, draft } = entry;
  const { path, beside } = draft;
  const fields = { kind, body, beside, client_id: id, is_before: "on" };
  const answer = await posted(path, fields).catch(() => null);
  if (answer?.status === 401) emit("session-locked", { retry: () => fix(id) });
  if (!answer?.ok) return false;
  remove(id);
  return true;
}

function sendWaiting() {
  for (const { id, state } of entries()) {
    if (state !== "failed" && !underway.has(id)) sendAgain(id);
  }
}

window.addEventListener("online", sendWaiting);
document.addEventListener("connection-back", sendWaiting);
document.addEventListener("session-unlocked", sendWaiting);
/* What an earlier page had begun; not before this one has settled. */
window.addEventListener("load", () => window.setTimeout(sendWaiting, 500));
