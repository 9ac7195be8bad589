/* <connection-line>: says that the connection is lost, and that it is back. The socket module dispatches
   connection-lost and connection-back; the browser's own on- and offline events count as well.
   connection-retry asks the socket to try now. */
import { emit } from "./events.js";
import { LiveElement } from "./live-element.js";

const PATIENCE = 1500;
const GOOD_NEWS = 2500;

class ConnectionLine extends LiveElement {
  #timer = 0;
  #isShown = false;

  begin() {
    this.on("offline", () => this.#lost(), { within: window });
    this.on("online", () => emit("connection-retry"), { within: window });
    this.on("connection-lost", () => this.#lost(), { within: document });
    this.on("connection-back", () => this.#back(), { within: document });
    this.on("click", ({ target }) => target.closest("[data-connection-retry]") && emit("connection-retry"));
    if (!navigator.onLine) this.#lost();
  }

  #show(state) {
    this.querySelector("[data-connection-text]").textContent = this.dataset[state];
    this.querySelector("[data-connection-retry]").hidden = state !== "offline";
    this.querySelector("[data-tone]").dataset.tone = state === "offline" ? "warning" : "success";
    this.hidden = false;
  }

  #lost() {
    document.documentElement.dataset.connection = "lost";
    if (this.#isShown || this.#timer) return;
    this.#timer = window.setTimeout(() => {
      this.#timer = 0;
      this.#isShown = true;
      this.#show("offline");
    }, PATIENCE);
  }

  #back() {
    delete document.documentElement.dataset.connection;
    window.clearTimeout(this.#timer);
    this.#timer = 0;
    if (!this.#isShown) return;
    this.#isShown = false;
    this.#show("back");
    window.setTimeout(() => {
      if (!this.#isShown) this.hidden = true;
    }, GOOD_NEWS);
  }
}

customElements.define("connection-line", ConnectionLine);
