/* Files on their way to the desk, one after the other in the order they were chosen. A file lives as
   long as this page. */

import { newId, patienceOf } from "./retry.js";

export class Uploads {
  constructor(chat) {
    this.chat = chat;
    this.files = [];
    this.tries = 0;
    this.pausedUntil = 0;
  }

  add(file) {
    const { token } = this.chat.api;
    this.files.push({ client_id: newId(), file, name: file.name, percent: 0, token });
    this.chat.changed();
    this.flush();
  }

  get next() {
    return this.files.find((file) => !file.failed);
  }

  async flush() {
    if (this.flushing || Date.now() < this.pausedUntil) return;
    this.flushing = true;
    clearTimeout(this.timer);
    try {
      while (this.next && (await this.send(this.next)));
    } finally {
      this.flushing = false;
    }
  }

  /* False where sending has to wait. */
  async send(entry) {
    const { chat } = this;
    if (!chat.isReady) await chat.begin();
    if (!chat.isReady) return this.later();
    entry.token ||= chat.api.token;
    if (entry.token !== chat.api.token) return this.failed(entry);
    entry.isSending = true;
    chat.changed();
    try {
      const answer = await chat.api.upload(entry.file, entry.client_id, (percent) => {
        entry.percent = percent;
        chat.changed();
      });
      this.tries = 0;
      chat.takeSent(answer.message);
      this.discard(entry.client_id);
      return true;
    } catch (error) {
      return this.refused(entry, error);
    }
  }

  async refused(entry, error) {
    const { chat } = this;
    entry.isSending = false;
    entry.percent = 0;
    if (error.status === 401) {
      await chat.forget(error, entry.token);
      if (error.code === "signed_out") return this.failed(entry, error.message);
      entry.token = "";
    } else if (!error.isPassing) return this.failed(entry, error.code && error.message);
    chat.changed();
    return this.later(1000 * (error.retryAfter || 0));
  }

  /* Whoever is here by now decides whether it is still to be sent, as with what was written. */
  failed(entry, words) {
    entry.failed = words || this.chat.words.notSent;
    this.chat.changed();
    return true;
  }

  later(wait) {
    clearTimeout(this.timer);
    const patience = wait || patienceOf(this.tries++);
    if (wait) this.pausedUntil = Date.now() + wait;
    this.timer = setTimeout(() => this.flush(), patience + 10);
    return false;
  }

  settle(messages) {
    const arrived = new Set(messages.map((message) => message.client_id));
    this.files = this.files.filter((file) => !arrived.has(file.client_id));
  }

  again(clientId) {
    const file = this.files.find((other) => other.client_id === clientId);
    if (file) Object.assign(file, { failed: "", token: "" });
  }

  discard(clientId) {
    this.files = this.files.filter((file) => file.client_id !== clientId);
  }
}
