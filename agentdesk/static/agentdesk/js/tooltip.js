/* <tool-tip>: the name of an icon button, after a moment of hovering or as soon as the keyboard reaches it;
   with its key. Escape hides it, the pointer may rest on it. */
import { LiveElement } from "./live-element.js";

const DELAY = 450;

/* An empty data-tooltip says what a screen reader is told. */
const words = (element) => element.dataset.tooltip || element.ariaLabel;

class ToolTip extends LiveElement {
  #timer = 0;
  #shownFor = null;
  #isByPointer = false;

  begin() {
    const page = { within: document };
    const early = { within: document, capture: true };
    this.on("pointerover", (event) => this.#over(event), page);
    this.on("focusin", ({ target }) => this.#focused(target), page);
    this.on("focusout", () => this.#hide(), page);
    this.on("htmx:afterSettle", () => this.#shownFor?.isConnected === false && this.#hide(), page);
    this.on("pointerdown", () => this.#pressed(), page);
    this.on("scroll", () => this.#hide(), early);
    this.on("keydown", ({ key }) => this.#key(key), early);
  }

  #over({ target, pointerType }) {
    if (pointerType === "touch" || this.contains(target)) return;
    const element = target.closest?.("[data-tooltip]");
    if (element === this.#shownFor && element) return;
    this.#hide();
    if (element) this.#timer = window.setTimeout(() => this.#show(element), DELAY);
  }

  #focused(target) {
    this.#hide();
    if (!this.#isByPointer && target.matches?.("[data-tooltip]:focus-visible")) this.#show(target);
  }

  #pressed() {
    this.#isByPointer = true;
    this.#hide();
  }

  #key(key) {
    this.#isByPointer = false;
    if (key === "Escape") this.#hide();
  }

  #hide() {
    window.clearTimeout(this.#timer);
    this.#shownFor?.removeAttribute("aria-describedby");
    this.#shownFor = null;
    if (this.matches(":popover-open")) this.hidePopover();
  }

  #show(element) {
    if (!element.isConnected || element.getAttribute("aria-expanded") === "true") return;
    this.#write(element);
    this.showPopover();
    this.#shownFor = element;
    if (element.ariaLabel !== words(element) && !element.hasAttribute("aria-describedby")) {
      element.setAttribute("aria-describedby", this.id);
    }
    this.#place(element);
  }

  #write(element) {
    this.textContent = words(element);
    const keys = element.dataset.keys ?? element.dataset.shortcut;
    if (!keys) return;
    const key = document.createElement("kbd");
    key.className = "kbd";
    key.textContent = keys.length === 1 ? keys.toUpperCase() : keys;
    this.append(key);
  }

  #place(element) {
    const anchor = element.getBoundingClientRect();
    const beside = element.closest(".rail");
    const left = beside ? anchor.right + 6 : anchor.left + anchor.width / 2 - this.offsetWidth / 2;
    const below = anchor.bottom + 4;
    const top = beside
      ? anchor.top + anchor.height / 2 - this.offsetHeight / 2
      : below + this.offsetHeight > window.innerHeight
        ? anchor.top - this.offsetHeight - 4
        : below;
    this.style.left = `${Math.min(Math.max(4, left), window.innerWidth - this.offsetWidth - 4)}px`;
    this.style.top = `${top}px`;
  }
}

customElements.define("tool-tip", ToolTip);
