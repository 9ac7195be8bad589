/* <pop-menu popover>: a native popover opened by popovertarget. This places it beside its button, or beside
   the field that data-anchor names, moves the focus with the arrow keys and first letters, and closes it
   after a choice. [data-above] opens upwards where there is room: it hides nothing that is being written. */
import { isComposing } from "./composing.js";
import { LiveElement } from "./live-element.js";
import { placeBeside } from "./place.js";
import { isVisible } from "./visible.js";

function byLetter(items, from, letter) {
  const ordered = [...items.slice(from + 1), ...items.slice(0, from + 1)];
  return ordered.find((item) => item.textContent.trim().toLowerCase().startsWith(letter));
}

function next(items, key) {
  const from = items.indexOf(document.activeElement);
  if (key === "ArrowDown") return items[(from + 1) % items.length];
  if (key === "ArrowUp") return items.at(from <= 0 ? -1 : from - 1);
  if (key === "Home") return items[0];
  if (key === "End") return items.at(-1);
  return key.length === 1 && key !== " " ? byLetter(items, from, key.toLowerCase()) : null;
}

class PopMenu extends LiveElement {
  #open = null; // while it is open: what listens to the page
  #opener = null; // of several buttons that open it, the one that has

  begin() {
    const way = { capture: true }; // `toggle` does not bubble
    this.on("toggle", (event) => (event.target === this ? this.#toggled(event) : this.#place()), way);
    this.on("keydown", (event) => this.#key(event));
    this.on("click", ({ target }) => this.#chosen(target.closest(".menu__item")));
  }

  end() {
    this.#open?.abort();
  }

  get #isOpen() {
    return this.matches(":popover-open");
  }

  get #openers() {
    return [...document.querySelectorAll(`[popovertarget="${CSS.escape(this.id)}"]`)];
  }

  get #anchor() {
    if (this.dataset.anchor) return document.getElementById(this.dataset.anchor);
    return this.#opener?.isConnected ? this.#opener : this.#openers[0];
  }

  get #items() {
    const items = [...this.querySelectorAll("[role^=menuitem]")];
    return items.filter((item) => !item.disabled && isVisible(item));
  }

  #place() {
    const anchor = this.#isOpen && this.#anchor;
    if (!anchor) return;
    if (this.dataset.anchor) this.style.minWidth = `${anchor.offsetWidth}px`;
    placeBeside(this, anchor, { prefersAbove: "above" in this.dataset });
  }

  #toggled({ newState }) {
    const isOpen = newState === "open";
    const openers = this.#openers;
    const opener = openers.find((one) => one === document.activeElement) ?? openers[0];
    if (isOpen) this.#opener = opener;
    for (const one of openers) one.setAttribute("aria-expanded", String(isOpen && one === opener));
    this.#open?.abort();
    if (!isOpen) {
      delete this.dataset.placed;
      this.removeAttribute("style"); // it is measured anew when it opens again
      return;
    }
    this.#followPage();
    this.#place();
    if (!this.matches("[role=menu], :has([role=menu])")) return;
    const items = this.#items;
    (items.find((item) => item.getAttribute("aria-checked") === "true") ?? items[0])?.focus();
  }

  /* It stays beside its button, whatever scrolls. */
  #followPage() {
    this.#open = new AbortController();
    const how = { capture: true, passive: true, signal: this.#open.signal };
    const place = ({ target }) => target !== this && this.#place();
    for (const event of ["resize", "scroll"]) window.addEventListener(event, place, how);
  }

  #key(event) {
    if (isComposing(event) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Tab" && this.getAttribute("role") === "menu") {
      this.hidePopover();
      return;
    }
    const items = this.#items;
    const isField = event.target.matches("input:not([type=radio]), textarea, select");
    if (isField || !items.length) return;
    const target = next(items, event.key);
    if (!target) return;
    event.preventDefault();
    target.focus();
  }

  #chosen(item) {
    if (!item || item.hasAttribute("data-keep-open")) return;
    if (this.#isOpen) this.hidePopover();
  }
}

customElements.define("pop-menu", PopMenu);
