/* Drafts: the text, kept on the server as one types, and what stands beside it: of a reply the channel,
   recipients, files and more; of a note its files alone. The two are never mixed. Each part of the
   composer adds its own to the detail of `draft-gather` (a note's: `note-gather`), says what has changed
   by `changed`, and takes it up again from `begun` when it comes onto the page. */
import { csrfToken } from "../csrf.js";
import { emit } from "../events.js";
import { entryOf } from "../outbox/entries.js";
import { idOf } from "./sending.js";

const SAVE_AFTER = 700;
const MOST_KEPT_ALIVE = 60_000; // browsers refuse more than 64 KiB on leaving
const FORM = "application/x-www-form-urlencoded";
const CHANNEL = new Set(["via", "usual", "html"]);
const PLACES = { reply: "beside", note: "noteBeside" };
const GATHERS = { reply: "draft-gather", note: "note-gather" };

export const begun = ({ form }, kind = "reply") => JSON.parse(form.dataset[PLACES[kind]] || "{}");

export function changed(composer, kind = "reply") {
  composer.emit("draft-beside", { kind });
}

function gathered(composer, kind) {
  const beside = begun(composer, kind);
  composer.emit(GATHERS[kind], beside);
  for (const [name, value] of Object.entries(beside)) if (!value?.length) delete beside[name];
  composer.form.dataset[PLACES[kind]] = JSON.stringify(beside);
  return beside;
}

/* One text for all of it, empty where nothing has been begun: what was saved is compared with it. */
function written(text, beside) {
  const isPicture = beside.html?.includes("<img");
  const isBegun =
    text.trim() || isPicture || Object.keys(beside).some((name) => !CHANNEL.has(name));
  return isBegun ? JSON.stringify([text, Object.entries(beside).sort()]) : "";
}

function posted({ files = [], ...beside }) {
  return JSON.stringify({ ...beside, files: files.map(({ key }) => key) });
}

/* What stands beside the text, as a draft is posted. */
export const draftOf = (composer, text) => posted(gathered(composer, text.dataset.for));

export function drafts(composer) {
  const { form } = composer;
  const saved = new Map();
  const leaving = new Set(); // texts that are under way as messages: the outbox has them
  const timers = new Map();
  const turns = new Map(); // what ends when all has been saved that was to be

  function hint(name) {
    const state = form.querySelector("#draft-state");
    if (state) state.textContent = form.dataset[name] ?? "";
  }

  async function post(text, beside, isLeaving) {
    const body = new URLSearchParams({
      kind: text.dataset.for,
      body: text.value,
      beside: posted(beside),
      client_id: idOf(text),
    }).toString();
    return fetch(form.dataset.draft, {
      method: "POST",
      keepalive: isLeaving && body.length < MOST_KEPT_ALIVE,
      headers: { "X-CSRFToken": csrfToken(), "HX-Request": "true", "Content-Type": FORM },
      body,
    });
  }

  async function saveNow(text, { isLeaving = false } = {}) {
    if (leaving.has(text)) return;
    const beside = gathered(composer, text.dataset.for);
    const now = written(text.value, beside);
    if (saved.get(text) === now) return;
    saved.set(text, now);
    hint("saving");
    try {
      const answer = await post(text, beside, isLeaving);
      if (answer.status === 409) {
        composer.querySelector("#composer-state").read(); // who holds it now
      } else if (answer.status === 401) {
        saved.delete(text);
        emit("session-locked", { retry: () => save(text) });
        return;
      } else if (!answer.ok) {
        throw new Error(String(answer.status));
      }
      hint(now ? "saved" : "");
    } catch {
      saved.delete(text);
      hint("unsaved");
      emit("connection-doubt");
    }
  }

  /* One after the other, or an older one could arrive last; a page that goes cannot wait. */
  function save(text, { isLeaving = false } = {}) {
    if (isLeaving) return saveNow(text, { isLeaving });
    const turn = (turns.get(text) ?? Promise.resolve()).then(() => saveNow(text));
    turns.set(text, turn);
    return turn;
  }

  function saveAll(options) {
    for (const text of composer.fields) {
      window.clearTimeout(timers.get(text));
      save(text, options);
    }
  }

  function saveSoon(text) {
    if (!text) return;
    window.clearTimeout(timers.get(text));
    timers.set(text, window.setTimeout(() => save(text), SAVE_AFTER));
  }

  const leave = () => saveAll({ isLeaving: true });

  /* The text is on its way as a message: it is not saved behind that. What stood beside it is what the
     draft would have. */
  composer.draftGoes = (text) => {
    window.clearTimeout(timers.get(text));
    leaving.add(text);
    return draftOf(composer, text);
  };

  composer.draftStays = (text) => {
    leaving.delete(text);
    saveSoon(text);
  };

  composer.draftWent = (text) => {
    leaving.delete(text);
    if (text.value.trim()) saveSoon(text);
    form.dataset[PLACES[text.dataset.for]] = "{}";
    saved.set(text, "");
    hint(composer.field() === text ? "" : "saved");
  };

  /* Another draft will be on the server, which all of this one is part of: once that is there nothing is
     saved behind it. Resolves to whether it is. */
  composer.holdDraft = async (text) => {
    window.clearTimeout(timers.get(text));
    await save(text);
    leaving.add(text);
    return saved.has(text);
  };

  composer.on("input", ({ target }) => {
    if (!target.matches("textarea[data-for]")) return;
    const writing = target.dataset.for === "reply" && target.value.trim() !== "";
    composer.emit("composer-writing", { writing });
    saveSoon(target);
  });
  composer.on("focusout", ({ target }) => {
    if (target.matches("textarea[data-for]")) save(target);
  });
  composer.on("draft-beside", ({ detail }) => saveSoon(composer.field(detail.kind)));
  composer.on("htmx:beforeSwap", ({ detail }) => detail.target?.id === "workspace" && leave(), {
    within: document,
  });
  composer.on("pagehide", leave, { within: window });
  composer.on("connection-back", () => saveAll(), { within: document });
  /* What the outbox still has is there to be sent or mended, not to be written a second time. */
  for (const text of composer.fields) {
    if (!entryOf(text.dataset.clientId)) continue;
    delete text.dataset.clientId;
    text.value = "";
    form.dataset[PLACES[text.dataset.for]] = "{}";
  }
  for (const text of composer.fields) {
    saved.set(text, written(text.value, begun(composer, text.dataset.for)));
  }
  hint(saved.get(composer.field()) ? "saved" : "");
}
