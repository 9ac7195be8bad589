/* What the visitor has sent and the desk has not yet acknowledged. Survives a reload. */

const WAITS = [1500, 3000, 6000, 12000, 30000];

export class Outbox {
  constructor(chat) {
    this.chat = chat;
    this.store = chat.store;
    this.files = []; // a file lives as long as this page
    this.tries = 0;
    this.pausedUntil = 0;
    this.store.addEventListener("outbox", () => {
      chat.changed();
      chat.sync();
    });
  }

  get texts() {
    return this.store.get("outbox", []);
  }

  change(work) {
    const texts = this.texts;
    this.store.set("outbox", work(texts) || texts);
    this.chat.changed();
  }

  send(body) {
    const entry = {
      client_id: newId(),
      body,
      at: new Date().toISOString(),
      token: this.chat.api.token,
    };
    this.change((texts) => [...texts, entry]);
    this.chat.sayTyping(false);
    this.flush();
  }

  /* Send what waits, oldest first; the order a visitor wrote in is the order sent. */
  async flush() {
    if (this.flushing) return;
    this.flushing = true;
    clearTimeout(this.timer);
    try {
      await this.store.alone("flush", () => this.sendAll());
    } finally {
      this.flushing = false;
    }
  }

  async sendAll() {
    for (;;) {
      const entry = this.texts.find((text) => !text.failed);
      if (!entry) return;
      if (Date.now() < this.pausedUntil) return this.later(this.pausedUntil - Date.now());
      if (!this.chat.isReady) await this.chat.begin();
      if (!this.chat.isReady) return this.later();
      if (!(await this.sendOne(entry))) return;
    }
  }

  /* False where sending has to wait. */
  async sendOne(entry) {
    const { api } = this.chat;
    const fields = { client_id: entry.client_id, body: entry.body };
    try {
      const answer = await api.post("messages/", fields, entry.token || api.token);
      this.tries = 0;
      this.chat.isOnline = true;
      this.chat.take({ messages: [answer.message], seen: 0 }, "sent");
      this.chat.socket.start();
      return true;
    } catch (error) {
      return this.refused(entry, error);
    }
  }

  async refused(entry, error) {
    if (error.status === 401) {
      this.change((texts) => {
        for (const text of texts) text.token = "";
      });
      if (!entry.token || entry.token === this.chat.api.token) await this.chat.forget();
      return this.later();
    }
    if (error.status === 429) this.pausedUntil = Date.now() + 1000 * (error.retryAfter || 5);
    if (error.isPassing) {
      this.chat.isOnline = error.status !== 0;
      this.chat.changed();
      return this.later(error.status === 429 ? this.pausedUntil - Date.now() : 0);
    }
    this.change((texts) => {
      const text = texts.find((other) => other.client_id === entry.client_id);
      if (text) text.failed = error.message;
    });
    return true;
  }

  later(wait) {
    clearTimeout(this.timer);
    const patience = wait || WAITS[Math.min(this.tries++, WAITS.length - 1)];
    this.timer = setTimeout(() => this.flush(), patience);
    return false;
  }

  /* These have arrived: nothing of them waits any more. */
  settle(messages) {
    const arrived = new Set(messages.map((message) => message.client_id));
    if (this.texts.some((text) => arrived.has(text.client_id))) {
      this.change((texts) => texts.filter((text) => !arrived.has(text.client_id)));
    }
    this.files = this.files.filter((file) => !arrived.has(file.client_id));
  }

  again(clientId) {
    this.change((texts) => {
      const text = texts.find((other) => other.client_id === clientId);
      if (text) delete text.failed;
    });
    const file = this.files.find((other) => other.client_id === clientId);
    if (file) this.sendFile(file);
    this.flush();
  }

  discard(clientId) {
    this.files = this.files.filter((file) => file.client_id !== clientId);
    this.change((texts) => texts.filter((text) => text.client_id !== clientId));
  }

  addFile(file) {
    const entry = { client_id: newId(), file, name: file.name, percent: 0 };
    this.files.push(entry);
    this.sendFile(entry);
  }

  async sendFile(entry) {
    entry.failed = "";
    this.chat.changed();
    try {
      if (!this.chat.isReady) await this.chat.begin();
      const answer = await this.chat.api.upload(entry.file, entry.client_id, (percent) => {
        entry.percent = percent;
        this.chat.changed();
      });
      this.chat.take({ messages: [answer.message], seen: 0 }, "sent");
      this.chat.socket.start();
    } catch (error) {
      entry.failed = error.code ? error.message : this.chat.words.notSent;
      this.chat.changed();
    }
  }
}

function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16)); // a page without TLS
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const text = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return text.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
