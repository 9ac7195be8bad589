/* What has been written and is not known to have arrived: one entry a message, stored in this browser for
   the user until the server has it. All tabs see the same ones; `outbox-changed` says that they differ.
   An entry: {id (the message's client id), conversation, path and fields (what is posted), kind, body,
   name (the customer's), place (the conversation's address), draft: {path, beside}, state, reason,
   confirm (lets it pass the question before a send), attempts}. */
import { emit } from "../events.js";
import { isList, readStored, writeStored } from "../storage.js";

const MOST = 50;
const user = document.querySelector("meta[name=live-address]")?.dataset.user ?? "0";
const KEY = `agentdesk.outbox.${user}`;

export function entries() {
  return readStored("localStorage", KEY, [], isList);
}

export function entryOf(id) {
  return entries().find((entry) => entry.id === id);
}

function write(list) {
  writeStored("localStorage", KEY, list.slice(-MOST));
  emit("outbox-changed");
}

export function put(entry) {
  write([...entries().filter(({ id }) => id !== entry.id), entry]);
}

export function change(id, values) {
  write(entries().map((entry) => (entry.id === id ? { ...entry, ...values } : entry)));
}

export function remove(id) {
  const list = entries();
  const rest = list.filter((entry) => entry.id !== id);
  if (rest.length < list.length) write(rest);
}

window.addEventListener("storage", ({ key }) => key === KEY && emit("outbox-changed"));
