/* The notes of the running call: saved while they are typed, kept in the tab until the server has
   them, and brought together with what another tab has written. Never replaced while typing. */
import { csrfToken } from "./csrf.js";
import { emit, typedByScript } from "./events.js";
import { isList, readStored, removeStored, writeStored } from "./storage.js";

const QUIET = 700;
const AGAIN = 4000;
const MAX_KEEPALIVE = 15000; // characters: browsers allow 64 KB of such requests
export function callNotes(strip) {
  let timer = 0;
  let saving = false;
  let wrapUpTimer = 0;
  const known = new WeakMap();

  function form() {
    return document.getElementById("call-notes");
  }

  function area(notes) {
    return notes.elements.notes;
  }

  function key(notes) {
    return `agentdesk-call-notes-${notes.dataset.call}`;
  }

  function say(notes, name) {
    const line = notes.querySelector(".call-notes__state");
    const words = line?.dataset[name] ?? "";
    if (line && line.textContent !== words) line.textContent = words;
    if (line) line.dataset.tone = name === "over" || name === "merged" ? "warning" : "";
  }

  function isDirty(notes) {
    return area(notes).value !== known.get(notes);
  }

  /* The call is being finished with all that stands here: nothing is saved beside that. */
  const isFinishing = (notes) => notes.hasAttribute("aria-busy");

  function put(notes, text) {
    const field = area(notes);
    if (field.value === text) return;
    const [start, end] = [field.selectionStart, field.selectionEnd];
    field.value = text;
    if (document.activeElement === field) field.setSelectionRange(start, end);
    typedByScript(field);
  }

  /* Both tabs began from `base`: theirs, and then what is new in mine. */
  function merge(base, mine, theirs) {
    if (theirs.includes(mine)) return theirs;
    if (mine.includes(theirs)) return mine;
    const added = mine.startsWith(base) ? mine.slice(base.length) : mine;
    return `${theirs.replace(/\n+$/, "")}\n${added.replace(/^\n+/, "")}`;
  }

  function keep(notes) {
    const text = area(notes).value;
    writeStored("sessionStorage", key(notes), { text, base: known.get(notes) ?? "" });
  }

  function isDraft(value) {
    return typeof value.text === "string" && typeof value.base === "string";
  }

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
    const merged = merge(known.get(notes) ?? "", area(notes).value, answer.text);
    known.set(notes, answer.text);
    notes.dataset.version = String(answer.version);
    put(notes, merged);
    say(notes, "merged");
    later(notes, 50);
  }

  async function post(notes, text) {
    const body = new URLSearchParams({ text, version: notes.dataset.version });
    return fetch(notes.dataset.draftUrl, {
      method: "POST",
      body,
      keepalive: text.length < MAX_KEEPALIVE,
      headers: { "X-CSRFToken": csrfToken(), "HX-Request": "true" },
    });
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
    const text = area(notes).value;
    say(notes, "saving");
    try {
      const response = await post(notes, text);
      if (isFinishing(notes)) return;
      if (response.status === 409) bringTogether(notes, await response.json());
      else if (response.status === 401) {
        say(notes, "unsaved");
        const retry = () => save(notes);
        emit("session-locked", { retry });
      } else if (!response.ok) throw new Error(String(response.status));
      else settle(notes, text, await response.json());
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
    known.set(notes, area(notes).value);
    beginWrapUp(notes);
    const unsaved = readStored("sessionStorage", key(notes), null, isDraft);
    if (!unsaved) return;
    const { text, base } = unsaved;
    if (text === area(notes).value) return;
    put(notes, merge(base, text, area(notes).value));
    later(notes, 50);
  }

  async function takeOver(notes) {
    const response = await fetch(notes.dataset.draftUrl, { headers: { "HX-Request": "true" } });
    if (!response.ok || isDirty(notes)) return;
    const answer = await response.json();
    known.set(notes, answer.text);
    notes.dataset.version = String(answer.version);
    put(notes, answer.text);
  }

  function onDraft(ids) {
    const notes = form();
    if (!notes || String(ids.call) !== notes.dataset.call) return;
    const isNewer = Number(ids.version) > Number(notes.dataset.version);
    if (isNewer && !saving && !isDirty(notes)) takeOver(notes);
  }

  strip.on("input", ({ target, isComposing }) => {
    const notes = target.closest("[data-call-notes]");
    if (!notes || target !== area(notes) || !known.has(notes)) return;
    if (!isDirty(notes)) return;
    keep(notes);
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
    saveWrapUp(form());
  };
  strip.on("pagehide", leave, { within: window });

  /* --- what is chosen beside the notes --- */
  const wrapUpKey = (notes) => `agentdesk-call-wrap-up-${notes.dataset.call}`;

  const FIELDS = ["outcome", "reason", "close_inquiry", "follow_up", "follow_up_at"];

  function chosen(notes) {
    const data = new FormData(notes);
    return FIELDS.map((name) => [name, data.get(name) ?? ""]);
  }

  function isChoice(value) {
    return isList(value) && value.every((pair) => isList(pair) && FIELDS.includes(pair[0]));
  }

  function storedWrapUp(notes) {
    return readStored("sessionStorage", wrapUpKey(notes), null, isChoice);
  }

  async function saveWrapUp(notes) {
    window.clearTimeout(wrapUpTimer);
    const choice = notes && storedWrapUp(notes);
    if (!choice || !notes.isConnected || isFinishing(notes)) return;
    const response = await fetch(notes.dataset.wrapUpUrl, {
      method: "POST",
      body: new URLSearchParams(choice),
      keepalive: true,
      headers: { "X-CSRFToken": csrfToken(), "HX-Request": "true" },
    }).catch(() => null);
    const isDone = response && (response.ok || [409, 422].includes(response.status));
    if (isDone && String(storedWrapUp(notes)) === String(choice)) {
      removeStored("sessionStorage", wrapUpKey(notes));
    } else if (response?.status === 401) {
      const retry = () => saveWrapUp(notes);
      emit("session-locked", { retry });
    } else if (!isDone) {
      wrapUpTimer = window.setTimeout(saveWrapUp, AGAIN, notes);
    }
  }

  function keepWrapUp(notes) {
    writeStored("sessionStorage", wrapUpKey(notes), chosen(notes));
    window.clearTimeout(wrapUpTimer);
    wrapUpTimer = window.setTimeout(saveWrapUp, QUIET, notes);
  }

  function beginWrapUp(notes) {
    const choice = storedWrapUp(notes);
    for (const [name, value] of choice ?? []) {
      const field = notes.elements[name];
      if (field?.type === "checkbox") field.checked = value !== "";
      else if (field) field.value = value;
    }
    if (choice) saveWrapUp(notes);
  }

  for (const changed of ["input", "change"]) {
    strip.on(changed, ({ target }) => {
      if (target.closest("#call-wrap-up")) keepWrapUp(target.form);
    });
  }

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
      removeStored("sessionStorage", wrapUpKey(elt));
    } else if (isDirty(elt)) later(elt);
  });
  strip.on("htmx:load", () => begin(form()));
  const signals = { within: document.body };
  strip.on("live:signal", ({ detail }) => detail.kind === "call_draft" && onDraft(detail.ids), signals);
  begin(form());
}
