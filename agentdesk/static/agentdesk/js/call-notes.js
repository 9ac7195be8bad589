/* The lines of the running call: saved while they are typed, kept in the tab until the server has
   them, and brought together, line by line, with what another tab has written. Never replaced while typing. */
import { callWrapUp, forgetWrapUp } from "./call-wrap-up.js";
import { csrfToken } from "./csrf.js";
import { emit, typedByScript } from "./events.js";
import { readStored, removeStored, writeStored } from "./storage.js";

const QUIET = 700;
const AGAIN = 4000;
const MAX_KEEPALIVE = 15000; // characters: browsers allow 64 KB of such requests

const key = (notes) => `agentdesk-call-lines-${notes.dataset.call}`;
const fields = (notes) => [...notes.querySelectorAll("[data-line]")];
const typed = (notes) => Object.fromEntries(fields(notes).map(({ name, value }) => [name, value]));
const length = (lines) => Object.values(lines).join("").length;

/* The call is being finished with all that stands here: nothing is saved beside that. */
const isFinishing = (notes) => notes.hasAttribute("aria-busy");

function isSame(some, others) {
  return Object.keys(some).every((name) => some[name] === (others[name] ?? ""));
}

function put(field, text) {
  if (field.value === text) return;
  const [start, end] = [field.selectionStart, field.selectionEnd];
  field.value = text;
  if (document.activeElement === field) field.setSelectionRange(start, end);
  typedByScript(field);
}

function putAll(notes, lines) {
  for (const field of fields(notes)) put(field, lines[field.name] ?? "");
}

/* Both tabs began from `base`: theirs, and then what is new in mine. */
function mergeLine(base, mine, theirs) {
  if (theirs.includes(mine)) return theirs;
  if (mine.includes(theirs)) return mine;
  const added = mine.startsWith(base) ? mine.slice(base.length) : mine;
  return `${theirs.replace(/\n+$/, "")}\n${added.replace(/^\n+/, "")}`;
}

function merge(base, mine, theirs) {
  const names = Object.keys(mine);
  return Object.fromEntries(
    names.map((name) => [name, mergeLine(base[name] ?? "", mine[name], theirs[name] ?? "")]),
  );
}

function isLines(value) {
  return value !== null && typeof value === "object" && Object.values(value).every((one) => typeof one === "string");
}

const isDraft = (value) => isLines(value?.lines) && isLines(value?.base);

function say(notes, name) {
  const line = notes.querySelector(".call-lines__state");
  const words = line?.dataset[name] ?? "";
  if (line && line.textContent !== words) line.textContent = words;
  if (line) line.dataset.tone = name === "over" || name === "merged" ? "warning" : "";
}

function post(notes, lines) {
  return fetch(notes.dataset.draftUrl, {
    method: "POST",
    body: new URLSearchParams({ ...lines, version: notes.dataset.version }),
    keepalive: length(lines) < MAX_KEEPALIVE,
    headers: { "X-CSRFToken": csrfToken(), "HX-Request": "true" },
  });
}

export function callNotes(strip) {
  let timer = 0;
  let saving = false;
  const known = new WeakMap();
  const wrapUp = callWrapUp(strip, isFinishing);
  const form = () => document.getElementById("call-notes");
  const isDirty = (notes) => !isSame(typed(notes), known.get(notes) ?? {});

  function later(notes, wait = QUIET) {
    window.clearTimeout(timer);
    timer = window.setTimeout(save, wait, notes);
  }

  function settle(notes, sent, answer) {
    known.set(notes, sent);
    notes.dataset.version = String(answer.version);
    if (isDirty(notes)) later(notes);
    else {
      removeStored("sessionStorage", key(notes));
      say(notes, "saved");
    }
  }

  function bringTogether(notes, answer) {
    if (answer.over) {
      notes.dataset.over = "";
      say(notes, "over");
      return;
    }
    const merged = merge(known.get(notes) ?? {}, typed(notes), answer.lines);
    known.set(notes, answer.lines);
    notes.dataset.version = String(answer.version);
    putAll(notes, merged);
    say(notes, "merged");
    later(notes, 50);
  }

  async function save(notes) {
    window.clearTimeout(timer);
    if (!notes?.isConnected || "over" in notes.dataset || !isDirty(notes)) return;
    if (isFinishing(notes)) return;
    if (saving) {
      later(notes);
      return;
    }
    saving = true;
    const lines = typed(notes);
    say(notes, "saving");
    try {
      const response = await post(notes, lines);
      if (isFinishing(notes)) return;
      if (response.status === 409) bringTogether(notes, await response.json());
      else if (response.status === 401) {
        say(notes, "unsaved");
        const retry = () => save(notes);
        emit("session-locked", { retry });
      } else if (!response.ok) throw new Error(String(response.status));
      else settle(notes, lines, await response.json());
    } catch {
      if (isFinishing(notes)) return;
      say(notes, "unsaved");
      later(notes, AGAIN);
    } finally {
      saving = false;
    }
  }

  /* What this tab had typed and the server has not heard of, from before a reload. */
  function begin(notes) {
    if (!notes || known.has(notes)) return;
    known.set(notes, typed(notes));
    wrapUp.begin(notes);
    const unsaved = readStored("sessionStorage", key(notes), null, isDraft);
    if (!unsaved || isSame(typed(notes), unsaved.lines)) return;
    putAll(notes, merge(unsaved.base, { ...typed(notes), ...unsaved.lines }, typed(notes)));
    later(notes, 50);
  }

  async function takeOver(notes) {
    const response = await fetch(notes.dataset.draftUrl, { headers: { "HX-Request": "true" } });
    if (!response.ok || isDirty(notes)) return;
    const answer = await response.json();
    known.set(notes, answer.lines);
    notes.dataset.version = String(answer.version);
    putAll(notes, answer.lines);
  }

  function onDraft(ids) {
    const notes = form();
    if (!notes || String(ids.call) !== notes.dataset.call) return;
    const isNewer = Number(ids.version) > Number(notes.dataset.version);
    if (isNewer && !saving && !isDirty(notes)) takeOver(notes);
  }

  strip.on("input", ({ target, isComposing }) => {
    const notes = target.closest("[data-call-notes]");
    if (!notes || !target.matches("[data-line]") || !known.has(notes) || !isDirty(notes)) return;
    writeStored("sessionStorage", key(notes), { lines: typed(notes), base: known.get(notes) });
    if (!isComposing) later(notes);
  });
  strip.on("compositionend", ({ target }) => {
    const notes = target.closest("[data-call-notes]");
    if (notes) later(notes);
  });
  strip.on("focusout", ({ target }) => save(target.closest("[data-call-notes]")));
  strip.on("visibilitychange", () => document.hidden && save(form()), { within: document });
  const leave = () => {
    save(form());
    wrapUp.save(form());
  };
  strip.on("pagehide", leave, { within: window });

  /* The call is over or another one: what is not saved yet stays to be copied. While it is being finished
     here the answer to that decides: its own signal is faster. */
  const onLeft = (event) => {
    if (isFinishing(event.target)) event.preventDefault();
    else if (isDirty(event.target) || "over" in event.target.dataset) {
      event.preventDefault();
      save(event.target);
    }
  };
  strip.on("call-left", onLeft, { capture: true });
  strip.on("htmx:beforeRequest", ({ detail }) => {
    if (detail.elt === form()) window.clearTimeout(timer);
  });
  strip.on("htmx:afterRequest", ({ detail }) => {
    const { elt, xhr } = detail;
    if (!elt.matches?.("[data-call-notes]")) return;
    if (xhr.status >= 200 && xhr.status < 300) {
      removeStored("sessionStorage", key(elt));
      forgetWrapUp(elt);
    } else if (isDirty(elt)) later(elt);
  });
  strip.on("htmx:load", () => begin(form()));
  const signals = { within: document.body };
  strip.on("live:signal", ({ detail }) => detail.kind === "call_draft" && onDraft(detail.ids), signals);
  begin(form());
}
