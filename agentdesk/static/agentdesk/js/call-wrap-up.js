/* What is chosen beside the notes of the running call: kept in the tab at once, and by the server as soon
   as it can be reached. */
import { csrfToken } from "./csrf.js";
import { emit } from "./events.js";
import { isList, readStored, removeStored, writeStored } from "./storage.js";

const QUIET = 700;
const AGAIN = 4000;
const FIELDS = ["outcome", "reason", "close_inquiry", "follow_up", "follow_up_at"];

const key = (notes) => `agentdesk-call-wrap-up-${notes.dataset.call}`;

function isChoice(value) {
  return isList(value) && value.every((pair) => isList(pair) && FIELDS.includes(pair[0]));
}

function stored(notes) {
  return readStored("sessionStorage", key(notes), null, isChoice);
}

export function forgetWrapUp(notes) {
  removeStored("sessionStorage", key(notes));
}

/* `isFinishing` says that the call is being finished with all that stands here. */
export function callWrapUp(strip, isFinishing) {
  let timer = 0;

  async function save(notes) {
    window.clearTimeout(timer);
    const choice = notes && stored(notes);
    if (!choice || !notes.isConnected || isFinishing(notes)) return;
    const response = await fetch(notes.dataset.wrapUpUrl, {
      method: "POST",
      body: new URLSearchParams(choice),
      keepalive: true,
      headers: { "X-CSRFToken": csrfToken(), "HX-Request": "true" },
    }).catch(() => null);
    const isDone = response && (response.ok || [409, 422].includes(response.status));
    if (isDone && String(stored(notes)) === String(choice)) forgetWrapUp(notes);
    else if (response?.status === 401) {
      const retry = () => save(notes);
      emit("session-locked", { retry });
    } else if (!isDone) timer = window.setTimeout(save, AGAIN, notes);
  }

  function keep(notes) {
    const data = new FormData(notes);
    writeStored("sessionStorage", key(notes), FIELDS.map((name) => [name, data.get(name) ?? ""]));
    window.clearTimeout(timer);
    timer = window.setTimeout(save, QUIET, notes);
  }

  function begin(notes) {
    const choice = stored(notes);
    for (const [name, value] of choice ?? []) {
      const field = notes.elements[name];
      if (field?.type === "checkbox") field.checked = value !== "";
      else if (field) field.value = value;
    }
    if (choice) save(notes);
  }

  for (const changed of ["input", "change"]) {
    strip.on(changed, ({ target }) => {
      if (target.closest("#call-wrap-up")) keep(target.form);
    });
  }
  return { begin, save };
}
