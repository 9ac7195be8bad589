/* What the visitor has written and the desk has not yet acknowledged: a key of the store for each
   message, so that two tabs never overwrite each other. This page has all of it in memory as well. */

import { newId, patienceOf } from "./retry.js";
import { isToken } from "./token.js";
import { Uploads } from "./uploads.js";

const KIND = "out";

export class Outbox {
  constructor(chat) {
    this.chat = chat;
    this.store = chat.store;
    this.entries = new Map(); // by client id
    this.unsafe = new Set(); // client ids of what is lost with this page
    this.uploads = new Uploads(chat);
    this.tries = 0;
    this.pausedUntil = 0;
    for (const id of this.store.ids(KIND)) this.read(id);
    this.store.addEventListener(KIND, ({ detail }) => this.changedElsewhere(detail));
    window.addEventListener("beforeunload", (event) => {
      if (this.unsafe.size || this.files.some((file) => !file.failed)) event.preventDefault();
    });
  }

  /* In the order they were written, in whichever tab. */
  get texts() {
    return [...this.entries.values()].sort(
      (one, other) => one.at - other.at || (one.client_id < other.client_id ? -1 : 1),
    );
  }

  get files() {
    return this.uploads.files;
  }

  read(id) {
    const entry = this.store.get(`${KIND}:${id}`, null, (value) => isEntry(value, id));
    if (entry) this.entries.set(id, entry);
    else this.entries.delete(id);
    return entry;
  }

  changedElsewhere(id) {
    const entry = this.read(id);
    this.chat.changed();
    if (entry) this.flush();
    else this.chat.sync();
  }

  put(entry) {
    this.entries.set(entry.client_id, entry);
    const isStored = this.store.set(`${KIND}:${entry.client_id}`, entry);
    this.unsafe[isStored ? "delete" : "add"](entry.client_id);
    this.chat.changed();
  }

  drop(id) {
    this.entries.delete(id);
    this.unsafe.delete(id);
    this.store.remove(`${KIND}:${id}`);
    this.chat.changed();
  }

  send(body) {
    // After all that waits, even where the clock was set back meanwhile.
    const at = Math.max(Date.now(), ...this.texts.map((text) => text.at + 1));
    this.put({ client_id: newId(), body, at, token: this.chat.api.token });
    this.chat.typing.say(false);
    this.flush();
  }

  /* Send what waits, oldest first; the order a visitor wrote in is the order sent. */
  async flush() {
    this.uploads.flush();
    this.flushAgain = true;
    if (this.flushing) return;
    this.flushing = true;
    clearTimeout(this.timer);
    try {
      while (this.flushAgain) {
        this.flushAgain = false;
        if (this.next) await this.store.alone("flush", () => this.sendAll());
      }
    } finally {
      this.flushing = false;
    }
  }

  get next() {
    return this.texts.find((text) => !text.failed);
  }

  async sendAll() {
    while (this.next) {
      if (Date.now() < this.pausedUntil) return this.later(this.pausedUntil - Date.now());
      if (!this.chat.isReady) await this.chat.begin();
      if (!this.chat.isReady) return this.later();
      if (this.next && !(await this.sendOne(this.next))) return;
    }
  }

  /* False where sending has to wait. */
  async sendOne(entry) {
    const { api } = this.chat;
    const token = entry.token || api.token;
    const fields = { client_id: entry.client_id, body: entry.body };
    try {
      const answer = await api.post("messages/", fields, token);
      this.tries = 0;
      this.chat.isOnline = true;
      this.chat.takeSent(answer.message);
      this.drop(entry.client_id);
      return true;
    } catch (error) {
      return this.refused(entry, error, token);
    }
  }

  async refused(entry, error, token) {
    if (error.status === 401) return this.unknown(entry, error, token);
    if (error.status === 429) this.pausedUntil = Date.now() + 1000 * (error.retryAfter || 5);
    if (error.isPassing) {
      this.chat.isOnline = error.status !== 0;
      this.chat.changed();
      return this.later(error.status === 429 ? this.pausedUntil - Date.now() : 0);
    }
    this.put({ ...entry, failed: error.message });
    return true;
  }

  /* Whoever has signed out meanwhile decides themselves whether it is still to be sent. */
  async unknown(entry, error, token) {
    const isOurs = token === this.chat.api.token;
    if (error.code === "signed_out") this.put({ ...entry, token: "", failed: error.message });
    else this.put({ ...entry, token: "" });
    if (!isOurs) return true;
    await this.chat.forget(error, token);
    return this.later();
  }

  later(wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), wait || patienceOf(this.tries++));
    return false;
  }

  /* These have arrived: nothing of them waits any more. */
  settle(messages) {
    for (const { client_id: id } of messages) {
      if (this.entries.has(id)) this.drop(id);
    }
    this.uploads.settle(messages);
  }

  again(clientId) {
    const entry = this.entries.get(clientId);
    if (entry) this.put({ ...entry, failed: "" });
    this.uploads.again(clientId);
    this.flush();
  }

  discard(clientId) {
    this.uploads.discard(clientId);
    this.drop(clientId);
  }

  addFile(file) {
    this.uploads.add(file);
  }
}

function isEntry(value, id) {
  return (
    value !== null &&
    typeof value === "object" &&
    value.client_id === id &&
    typeof value.body === "string" &&
    Number.isFinite(value.at) &&
    isToken(value.token) &&
    ["undefined", "string"].includes(typeof value.failed)
  );
}
