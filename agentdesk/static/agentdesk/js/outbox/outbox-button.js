/* <outbox-button>: how many messages have not been sent, in the top bar, and the way to each. */
import { LiveElement } from "../live-element.js";
import { entries } from "./entries.js";

class OutboxButton extends LiveElement {
  begin() {
    this.on("outbox-changed", () => this.draw(), { within: document });
    this.draw();
  }

  draw() {
    const waiting = entries().filter(({ state }) => state !== "sending");
    this.hidden = waiting.length === 0;
    this.querySelector("[data-count]").textContent = String(waiting.length);
    const list = this.querySelector("[role=menu]");
    const pattern = this.querySelector("template").content.firstElementChild;
    list.replaceChildren(...waiting.map((entry) => this.row(pattern.cloneNode(true), entry)));
  }

  row(link, { name, body, place, state }) {
    link.href = place;
    link.dataset.tone = state === "failed" ? "danger" : "warning";
    link.querySelector("[data-name]").textContent = name;
    link.querySelector("[data-words]").textContent = body;
    return link;
  }
}

customElements.define("outbox-button", OutboxButton);
