/* What has been written and is not known to have arrived: one entry a message, stored in this browser for
   the user until the server has it. All tabs see the same ones; `outbox-changed` says that they differ.
   An entry: {id (the message's client id), at (milliseconds), conversation, path and fields (what is
   posted), kind, body, name (the customer's), place (the conversation's address), draft: {path, beside},
   state, reason, confirm (lets it pass the question before a send), attempts}. Each has a key of its own,
   so that two tabs that write at once cannot overwrite one another's. */
import { emit } from "../events.js";
import { readStored, removeStored, storedKeys, writeStored } from "../storage.js";

const user = document.querySelector("meta[name=live-address]")?.dataset.user ?? "0";
const BEGINNING = `agentdesk.outbox.${user}.`;

const isEntry = ({ id, path, fields }) => Boolean(id && path && Array.isArray(fields));

const stored = (key) => readStored("localStorage", key, null, isEntry);

/* The oldest first. */
export function entries() {
  const all = storedKeys("localStorage", BEGINNING).map(stored).filter(Boolean);
  return all.sort((one, other) => one.at - other.at);
}

export const entryOf = (id) => stored(BEGINNING + id);

export function put(entry) {
  writeStored("localStorage", BEGINNING + entry.id, { at: Date.now(), ...entry });
  emit("outbox-changed");
}

export function change(id, values) {
  const entry = entryOf(id);
  if (entry) put({ ...entry, ...values });
}

export function remove(id) {
  if (!entryOf(id)) return;
  removeStored("localStorage", BEGINNING + id);
  emit("outbox-changed");
}

window.addEventListener("storage", ({ key }) => {
  if (!key || key.startsWith(BEGINNING)) emit("outbox-changed");
});
