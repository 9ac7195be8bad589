/* The state of one visitor's chat. Tells "change" when the screen should look again. */

import { Outbox } from "./outbox.js";
import { Socket } from "./socket.js";

const HEAL = 60000; // a lost signal is made good after so long
const POLL = 8000; // while no socket can be had
const TYPING = 8000;

export class Chat extends EventTarget {
  constructor(api, store, identity) {
    super();
    Object.assign(this, { api, store, identity });
    this.messages = [];
    this.more = false;
    this.cursor = 0; // all up to here has been read; what we sent may be further on
    this.seen = 0; // our newest message that was looked at
    this.opening = null;
    this.stated = {};
    this.reach = "";
    this.verdict = "none";
    this.isReady = false;
    this.isFailed = false;
    this.isOnline = navigator.onLine;
    this.isLookedAt = () => false; // whether the newest message is on screen
    this.typing = false;
    this.marked = { upto: 0, seen: false };
    api.token = store.get("token", "");
    this.outbox = new Outbox(this);
    this.socket = new Socket(api.socket, () => api.token);
    this.listen();
  }

  changed() {
    this.dispatchEvent(new Event("change"));
  }

  listen() {
    this.socket.addEventListener("hello", () => this.sync());
    this.socket.addEventListener("message_added", () => this.sync());
    this.socket.addEventListener("message_changed", () => this.sync(true));
    this.socket.addEventListener("typing", (event) => this.setTyping(Boolean(event.detail.on)));
    this.store.addEventListener("token", () => this.adopt());
    window.addEventListener("online", () => this.setOnline(true));
    window.addEventListener("offline", () => this.setOnline(false));
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) return;
      this.heal();
      this.acknowledge();
    });
    setInterval(() => this.heal(), POLL);
  }

  setOnline(isOnline) {
    if (this.isOnline !== isOnline) {
      this.isOnline = isOnline;
      this.changed();
    }
    if (isOnline) {
      this.sync();
      this.outbox.flush();
    }
  }

  setTyping(isOn) {
    clearTimeout(this.typingTimer);
    this.typing = isOn;
    if (isOn) this.typingTimer = setTimeout(() => this.setTyping(false), TYPING);
    this.changed();
  }

  /* Begin or resume, once; other tabs wait, so that one visitor stays one. */
  begin() {
    this.beginning ??= this.store
      .alone("begin", () => this.ask())
      .finally(() => {
        this.beginning = null;
      });
    return this.beginning;
  }

  async ask() {
    this.api.token = this.store.get("token", "");
    try {
      const answer = await this.api.post("session/", {
        identity: this.identity || undefined,
        url: location.href.slice(0, 2000),
        title: document.title.slice(0, 300),
      });
      if (answer.is_new) this.clear();
      this.api.token = answer.token;
      this.store.set("token", answer.token);
      this.stated = answer.stated;
      this.reach = answer.reach;
      this.verdict = answer.identity;
      this.isReady = true;
      this.isFailed = false;
      this.setOnline(true);
      this.take(answer.history, "newest");
      this.opening = answer.opening;
      if (answer.known) this.socket.start();
      this.outbox.flush();
    } catch (error) {
      this.isFailed = !this.isReady;
      this.isOnline = error.status !== 0;
    }
    this.changed();
  }

  clear() {
    this.messages = [];
    this.cursor = 0;
  }

  /* Another tab has become somebody: so have we. */
  adopt() {
    const token = this.store.get("token", "");
    if (token && token !== this.api.token && this.isReady) this.begin();
  }

  identify(token) {
    this.identity = token;
    return this.begin();
  }

  take(page, mode) {
    const known = new Map(this.messages.map((message) => [message.id, message]));
    const first = page.messages[0];
    const isGap = mode === "newest" && first && page.more && !known.has(first.id);
    if (isGap) known.clear();
    if (mode === "newest" || mode === "after") {
      this.cursor = Math.max(this.cursor, page.messages.at(-1)?.id || 0);
    }
    for (const message of page.messages) known.set(message.id, message);
    this.messages = [...known.values()].sort((one, other) => one.id - other.id);
    if (mode === "older" || isGap || (mode === "newest" && known.size === page.messages.length)) {
      this.more = page.more;
    }
    this.seen = Math.max(this.seen, page.seen);
    if (page.opening) this.opening = page.opening;
    if (page.messages.some((message) => !message.mine)) this.typing = false;
    this.outbox.settle(page.messages);
    this.changed();
  }

  /* Read what is new; one reading at a time, and one more if asked meanwhile. */
  async sync(isWhole = false) {
    if (!this.isReady) return;
    if (this.syncing) {
      this.syncAgain = isWhole || this.syncAgain || "new";
      return;
    }
    this.syncing = true;
    try {
      const isNewest = isWhole === true || !this.cursor;
      const page = await this.api.get(
        isNewest ? "messages/" : `messages/?after=${this.cursor}`,
      );
      this.isOnline = true;
      this.take(page, isNewest ? "newest" : "after");
      if (!isNewest && page.more) this.syncAgain = this.syncAgain || "new";
      this.readAt = Date.now();
      this.acknowledge();
    } catch (error) {
      if (error.status === 0) this.setOnline(false);
      if (error.status === 401) this.forget();
    }
    this.syncing = false;
    const again = this.syncAgain;
    this.syncAgain = null;
    if (again) this.sync(again === true);
  }

  heal() {
    if (!this.isReady || document.hidden) return;
    if (this.isShown && !this.isOnline) this.sync();
    const age = Date.now() - (this.readAt || 0);
    const patience = this.socket.isOpen || !this.messages.length || !this.isShown ? HEAL : POLL - 500;
    if (age > patience) this.sync();
  }

  async older() {
    const first = this.messages[0];
    if (!first) return;
    this.take(await this.api.get(`messages/?before=${first.id}`), "older");
  }

  /* The token is worth nothing any more: begin anew. */
  forget() {
    this.store.remove("token");
    this.api.token = "";
    this.clear();
    return this.begin();
  }

  get unread() {
    const read = this.store.get("read", 0);
    return this.messages.filter((message) => !message.mine && message.id > read);
  }

  /* Tell the desk what has reached this screen, and what was seen on it. */
  async acknowledge() {
    const theirs = this.messages.filter((message) => !message.mine).at(-1);
    if (!theirs) return;
    const seen = !document.hidden && this.isLookedAt();
    if (seen && this.store.get("read", 0) < theirs.id) {
      this.store.set("read", theirs.id);
      this.changed();
    }
    const { upto, seen: wasSeen } = this.marked;
    if (upto > theirs.id || (upto === theirs.id && (wasSeen || !seen))) return;
    this.marked = { upto: theirs.id, seen };
    await this.api.post("read/", { upto: theirs.id, seen }).catch(() => {
      this.marked = { upto: 0, seen: false };
    });
  }

  async tellAbout(fields) {
    if (!this.isReady) await this.begin();
    const answer = await this.api.post("about/", fields);
    this.stated = answer.stated;
    this.reach = answer.reach;
    this.changed();
  }

  async tellPage() {
    if (!this.isReady || !this.messages.length) return;
    const fields = { url: location.href.slice(0, 2000), title: document.title.slice(0, 300) };
    await this.api.post("page/", fields).catch(() => {});
  }

  sayTyping(isOn) {
    const now = Date.now();
    if (isOn && now - (this.typedAt || 0) < 3000) return;
    this.typedAt = isOn ? now : 0;
    this.socket.say({ do: "typing", on: isOn });
  }
}
