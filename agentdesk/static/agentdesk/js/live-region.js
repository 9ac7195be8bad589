/* <live-region topics="conversation:12 account:3" kinds="inquiry_changed …" hx-get="…">: a part of a page
   that is no older than what the socket says. While it stands on the page, its topics are watched; at
   each signal of its kinds, and after a reconnect, htmx reads its address into it as its attributes say.
   Without topics it receives those kinds of whatever the page watches. `delay` waits so many milliseconds
   for more of a burst; `gather` reads at once and then at most once a second, and never drops the last.
   The server writes the attributes: agentdesk/web/live_regions.py. What does more with signals than
   read extends this (message-thread, inquiry-list) and overrides `received`. */
import { LiveElement } from "./live-element.js";
import { unwatch, watch, watchAgain } from "./live.js";

const GATHER = 1000;

export class LiveRegion extends LiveElement {
  static observedAttributes = ["topics"];
  #timer = 0;
  #quietUntil = 0;

  begin() {
    watch(this);
    this.on("live:signal", ({ detail }) => this.#dispatch(detail), { within: document.body });
    this.on("live:reconnected", () => this.read(), { within: document.body });
  }

  /* What was still to be read is read by the region that stands in its place now. */
  end() {
    unwatch(this);
    if (!this.#timer) return;
    window.clearTimeout(this.#timer);
    this.#timer = 0;
    const next = this.id && document.getElementById(this.id);
    if (next instanceof LiveRegion) next.readSoon();
  }

  attributeChangedCallback() {
    watchAgain();
  }

  get topics() {
    return this.#words("topics");
  }

  #words(name) {
    return (this.getAttribute(name) ?? "").split(" ").filter(Boolean);
  }

  #dispatch(signal) {
    const { topics } = this;
    if (topics.length && !topics.includes(signal.topic)) return;
    if (this.#words("kinds").includes(signal.kind) && !this.isKnown(signal)) this.readSoon();
    this.received(signal);
  }

  /* What the signal announces is here, or on its way. */
  isKnown() {
    return false;
  }

  /* Every signal of its topics: {topic, kind, ids}. */
  received() {}

  readSoon() {
    if (this.hasAttribute("gather")) this.#gather();
    else if (this.hasAttribute("delay")) this.#readIn(Number(this.getAttribute("delay")));
    else this.read();
  }

  #gather() {
    const rest = this.#quietUntil - Date.now();
    if (rest <= 0) this.read();
    else if (!this.#timer) this.#readIn(rest);
  }

  #readIn(milliseconds) {
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.read(), milliseconds);
  }

  read() {
    window.clearTimeout(this.#timer);
    this.#timer = 0;
    this.#quietUntil = Date.now() + GATHER;
    const address = this.getAttribute("hx-get");
    if (!address) return;
    /* Overtaken and failed readings reject; htmx-setup.js speaks for them. */
    const how = { source: this, event: new Event("live:read") };
    window.htmx.ajax("GET", address, how).catch(() => {});
  }
}

customElements.define("live-region", LiveRegion);
