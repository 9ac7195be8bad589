/* <message-thread>: the open thread. What came is appended by its own reading, as in any live region; here,
   what changed is read again, what was seen is reported, and the customer's typing is shown. */
import { LiveRegion } from "./live-region.js";
import { outboxBubbles } from "./outbox/bubbles.js";
import { StickToEnd } from "./stick.js";
import { ThreadPlace } from "./thread-place.js";

const TYPING_SHOWN = 6000;
const READ_AFTER = 800;
const LOOK_EVERY = 5000;

class MessageThread extends LiveRegion {
  #underway = new Map(); // messages that are being read, and whether they have changed meanwhile
  #missed = new Set(); // messages that changed before they were here
  #readUpTo = 0; // the newest message that a reading which has begun will bring
  #typingTimer = 0;
  #readTimer = 0;
  #lookTimer = 0;

  begin() {
    super.begin();
    this.stick = new StickToEnd(this);
    this.#lookTimer = window.setInterval(() => this.#lookAgain(), LOOK_EVERY);
    this.on("scroll", () => this.stick.scrolled());
    this.on("htmx:beforeRequest", (event) => this.#beforeRequest(event));
    this.on("htmx:afterSettle", ({ detail }) => this.#afterSettle(detail));
    this.on("htmx:responseError", (event) => this.#dropWithdrawn(event));
    this.on("live:subscribed", ({ detail }) => this.#subscribed(detail), { within: document.body });
    this.on("visibilitychange", () => this.#tellRead(), { within: document });
    this.on("focus", () => this.#tellRead(), { within: window });
    this.#besideComposer();
    this.place = new ThreadPlace(this, this.stick);
    this.place.begin();
    outboxBubbles(this);
    this.#tellRead();
  }

  end() {
    super.end();
    this.stick.leave();
    this.place.leave();
    window.clearTimeout(this.#typingTimer);
    window.clearTimeout(this.#readTimer);
    window.clearInterval(this.#lookTimer);
  }

  /* The button that leads to the end stands in the composer; and one's own words are always seen. */
  #besideComposer() {
    const pane = { within: this.closest(".pane") ?? this };
    this.on("click", ({ target }) => target.closest("[data-jump]") && this.place.toNewest(), pane);
    this.on("composer-sent", () => this.place.toNewest(), pane);
    this.on("click", (event) => this.#followQuote(event), pane); // the pins stand above the thread
  }

  get #list() {
    return this.querySelector("#thread");
  }

  received({ kind, ids }) {
    if (kind === "message_changed") this.#reload(String(ids.message));
    if (kind === "messages_read") this.#markRead(ids.message);
    if (kind === "typing") this.#showTyping(Boolean(ids.on));
    if (kind === "message_added") this.#showTyping(false);
  }

  /* The socket listens now: what came between the page's making and this moment is read, where the thread
     is not as far as the server says. */
  #subscribed({ cursors }) {
    const newest = cursors[this.topics[0]];
    if (!(newest > Number(this.querySelector("#thread-cursor")?.value))) return;
    this.#readUpTo = newest;
    this.read();
  }

  isKnown({ kind, ids }) {
    return kind === "message_added" && ids.message <= this.#readUpTo;
  }

  /* One request a message at a time: what changes meanwhile is read once more. A change may also
     overtake the message itself, which is read again as soon as it is there. */
  async #reload(pk) {
    const item = document.getElementById(`message-${pk}`);
    if (!item) {
      this.#missed.add(pk);
      return;
    }
    if (this.#underway.has(pk)) {
      this.#underway.set(pk, true);
      return;
    }
    this.#underway.set(pk, false);
    const headers = { "X-Background": "1" };
    const where = { source: item, target: item, swap: "outerHTML", headers };
    await window.htmx.ajax("GET", `${this.dataset.messages}${pk}/`, where).catch(() => {});
    const isChanged = this.#underway.get(pk);
    this.#underway.delete(pk);
    if (isChanged && this.isConnected) this.#reload(pk);
  }

  #catchUp() {
    for (const pk of [...this.#missed]) {
      if (!document.getElementById(`message-${pk}`)) continue;
      this.#missed.delete(pk);
      this.#reload(pk);
    }
  }

  /* A signal may be lost: what is still on its way is looked at again. */
  #lookAgain() {
    if (document.hidden || !this.dataset.messages) return;
    for (const item of this.querySelectorAll("#thread > :is(.message--queued, .message--sending)")) {
      this.#reload(item.dataset.pk);
    }
  }

  /* Its words stand above the composer. */
  #showTyping(on) {
    const text = document.getElementById("typing-text");
    if (!text) return;
    text.hidden = !on;
    window.clearTimeout(this.#typingTimer);
    if (on) this.#typingTimer = window.setTimeout(() => this.#showTyping(false), TYPING_SHOWN);
  }

  /* A colleague, or this member elsewhere, has seen them. */
  #markRead(newest) {
    for (const item of this.querySelectorAll("#thread > [data-unread]")) {
      if (Number(item.dataset.pk) <= Number(newest)) delete item.dataset.unread;
    }
  }

  /* The newest messages are on the screen of somebody who is there: that is read. */
  #tellRead() {
    window.clearTimeout(this.#readTimer);
    this.#readTimer = window.setTimeout(() => {
      const unread = this.querySelectorAll("#thread > [data-unread]");
      if (!unread.length || this.isPart || document.hidden || !document.hasFocus()) return;
      for (const item of unread) delete item.dataset.unread;
      window.htmx.ajax("POST", this.dataset.read, { swap: "none" });
    }, READ_AFTER);
  }

  /* Its writer has withdrawn it. */
  #dropWithdrawn({ target, detail }) {
    if (detail.xhr.status === 404 && target.matches("#thread > [data-pk]")) target.remove();
  }

  #dropRepeats() {
    const seen = new Set();
    for (const item of this.querySelectorAll("#thread > [id]")) {
      if (seen.has(item.id)) item.remove();
      else seen.add(item.id);
    }
  }

  /* There are newer messages than those it shows: nothing is appended to what one reads. */
  get isPart() {
    return this.place?.isPart ?? false;
  }

  #beforeRequest(event) {
    const { elt, requestConfig } = event.detail;
    if (elt !== this || requestConfig.triggeringEvent?.type !== "live:read" || !this.isPart) return;
    event.preventDefault();
    this.stick.announceNews();
  }

  #afterSettle({ target }) {
    if (target === this.#list) {
      this.#dropRepeats();
      this.#catchUp();
      this.querySelector("#thread-empty")?.remove();
    }
    this.#tellRead();
  }

  /* To what a message quotes. */
  #followQuote(event) {
    const link = event.target.closest("[data-jump-to]");
    if (!link) return;
    event.preventDefault();
    this.place.bring(link.dataset.jumpTo);
  }
}

customElements.define("message-thread", MessageThread);
