/* The state of one visitor's chat. Tells "change" when the screen should look again. */

import { Refused } from "./api.js";
import { currentPage } from "./dom.js";
import { Outbox } from "./outbox.js";
import { patienceOf } from "./retry.js";
import { Socket } from "./socket.js";
import { isToken } from "./token.js";
import { Typing } from "./typing.js";

const HEAL = 60000; // a lost signal is made good after so long
const POLL = 8000; // while no socket can be had

export class Chat extends EventTarget {
  constructor(api, store, identity) {
    super();
    Object.assign(this, { api, store, identity });
    this.reset();
    this.opening = null;
    this.verdict = "none";
    this.isReady = false;
    this.isFailed = false;
    this.isOnline = navigator.onLine;
    this.isLookedAt = () => false; // whether the newest message is on screen
    this.typing = new Typing(this);
    this.deadToken = null; // worth nothing any more, though it may still be stored
    api.token = this.storedToken();
    this.tries = 0;
    this.outbox = new Outbox(this);
    this.socket = new Socket(api.socket, () => api.token);
    this.listen();
  }

  /* Never the dead one: what another tab has stored in its place may take a moment to be seen here,
     and must not be removed with it. */
  storedToken() {
    const token = this.store.get("token", "", isToken);
    return token === this.deadToken ? "" : token;
  }

  changed() {
    this.dispatchEvent(new Event("change"));
  }

  listen() {
    this.socket.addEventListener("hello", () => this.sync());
    this.socket.addEventListener("unknown", () => this.sync());
    this.socket.addEventListener("message_added", () => this.sync());
    this.socket.addEventListener("message_changed", () => this.sync(true));
    this.socket.addEventListener("typing", (event) => this.typing.set(Boolean(event.detail.on)));
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
      if (this.beginTimer) this.begin();
      this.sync();
      this.outbox.flush();
    }
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
    clearTimeout(this.beginTimer);
    this.beginTimer = null;
    this.api.token = this.storedToken();
    try {
      const answer = await this.api.post("session/", {
        identity: this.identity || undefined,
        ...currentPage(),
      });
      // Of two tabs that begin at one moment, the second may not see at once what the first stores.
      const other = this.storedToken();
      if (answer.is_new && other && other !== this.api.token) return await this.ask();
      this.begun(answer);
    } catch (error) {
      this.isFailed = !this.isReady;
      this.isOnline = error.status !== 0;
      if (error.status === 401) this.deadToken = this.api.token;
      if ((error.isPassing || error.status === 401) && !this.isReady) this.beginLater(error.retryAfter);
    }
    this.changed();
  }

  beginLater(seconds) {
    const patience = Math.max(1000 * (seconds || 0), patienceOf(this.tries++));
    this.beginTimer = setTimeout(() => this.begin(), patience);
  }

  begun(answer) {
    if (answer.is_new) this.clear();
    if (answer.signed_out) this.signOut();
    if (answer.token !== this.api.token) this.store.set("token", answer.token);
    this.api.token = answer.token;
    this.stated = answer.stated;
    this.reach = answer.reach;
    this.verdict = answer.identity;
    this.isReady = true;
    this.isFailed = false;
    this.tries = 0;
    this.setOnline(true);
    this.take(answer.history, "newest");
    this.opening = answer.opening;
    if (answer.noted) this.notedPage = currentPage().url;
    if (answer.known) this.socket.start();
    this.outbox.flush();
  }

  /* What the person before was writing is not for the next one, in no tab. */
  signOut() {
    this.store.remove("draft");
    this.dispatchEvent(new Event("somebody-else"));
  }

  clear() {
    this.reset();
    this.store.remove("read");
  }

  reset() {
    this.messages = [];
    this.more = false;
    this.cursor = 0; // all up to here has been read; what we sent may be further on
    this.seen = 0; // our newest message that was looked at
    this.stated = {};
    this.reach = "";
    this.notedPage = "";
    this.marked = { upto: 0, seen: false };
  }

  /* Another tab has become somebody: so have we. Who the shop named on this page is old news then,
     and presenting them would sign somebody in again who has just signed out over there. */
  adopt() {
    const token = this.storedToken();
    if (!token || token === this.api.token || !this.isReady) return;
    this.identity = undefined;
    this.verdict = "none";
    this.api.token = token;
    this.clear();
    this.dispatchEvent(new Event("somebody-else"));
    this.changed();
    if (this.socket.isWanted) this.socket.start();
    this.sync(true);
  }

  identify(token) {
    this.identity = token;
    return this.begin();
  }

  /* One of ours that the desk has stored. */
  takeSent(message) {
    this.take({ messages: [message], seen: 0 }, "sent");
    this.socket.start();
    this.notePage();
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
    if (page.messages.some((message) => !message.mine)) this.typing.set(false);
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
    const { token } = this.api;
    try {
      const isNewest = isWhole === true || !this.cursor;
      const page = await this.api.get(
        isNewest ? "messages/" : `messages/?after=${this.cursor}`,
      );
      if (token !== this.api.token) throw new Refused(401); // it is somebody else's
      this.isOnline = true;
      this.take(page, isNewest ? "newest" : "after");
      if (!isNewest && page.more) this.syncAgain = this.syncAgain || "new";
      this.readAt = Date.now();
      this.acknowledge();
    } catch (error) {
      if (error.status === 0) this.setOnline(false);
      if (error.status === 401) this.forget(error, token);
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
    const { token } = this.api;
    const page = await this.api.get(`messages/?before=${first.id}`);
    if (token === this.api.token) this.take(page, "older");
  }

  /* The token is worth nothing any more: begin anew; as nobody, if somebody has signed out. A refusal
     of an earlier token says nothing of the one we have by now. */
  async forget({ code }, token) {
    if (token !== this.api.token) return;
    this.deadToken = token;
    this.api.token = "";
    this.clear();
    if (code === "signed_out") {
      this.identity = undefined;
      this.signOut();
    }
    await this.begin();
  }

  get lastRead() {
    return this.store.get("read", 0, Number.isSafeInteger);
  }

  get unread() {
    const read = this.lastRead;
    return this.messages.filter((message) => !message.mine && message.id > read);
  }

  /* Tell the desk what has reached this screen, and what was seen on it. */
  async acknowledge() {
    const theirs = this.messages.filter((message) => !message.mine).at(-1);
    if (!theirs) return;
    const seen = !document.hidden && this.isLookedAt();
    if (seen && this.lastRead < theirs.id) {
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

  /* Tell the desk which page the visitor is on, until it has taken note of it. */
  async notePage() {
    const fields = currentPage();
    if (!this.isReady || !this.messages.length || this.notedPage === fields.url) return;
    const answer = await this.api.post("page/", fields).catch(() => ({}));
    if (answer.noted) this.notedPage = fields.url;
  }
}
