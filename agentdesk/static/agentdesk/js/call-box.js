/* <call-box>: a combobox whose options the server writes. Type, arrow, Enter; a code among the options is
   tried only when it is chosen. Requests that are overtaken are given up. */
import { Combobox } from "./combobox.js";
import { isComposing } from "./composing.js";
import { emit } from "./events.js";
import { LiveElement } from "./live-element.js";

const WAIT = 120;

class CallBox extends LiveElement {
  #timer = 0;
  #request = null;
  #shown = ""; // the words of which the options are
  #wanted = null; // what Enter was pressed for before the answer had come: { calls }
  #isTyped = false; // what stands there since the field was entered, by this hand

  begin() {
    this.form = this.querySelector("form");
    this.input = this.querySelector("[role=combobox]");
    this.list = this.querySelector("[role=listbox]");
    if (!this.list) return;
    this.options = new Combobox({ field: () => this.input, list: () => this.list });
    const field = { within: this.input };
    const list = { within: this.list };
    this.on("input", (event) => this.#typed(event), field);
    this.on("compositionend", () => this.#soon(), field);
    this.on("keydown", (event) => this.#key(event), field);
    this.on("focus", () => this.#entered(), field);
    this.on("pointerdown", (event) => this.options.keepFocus(event), list);
    this.on("click", ({ target }) => this.#clicked(target), list);
    this.on("focusout", ({ relatedTarget }) => {
      if (!relatedTarget || !this.form.contains(relatedTarget)) this.#leave();
    });
    this.on("htmx:afterSwap", () => {
      this.#shown = "";
      this.#open();
    });
  }

  end() {
    this.#forget();
  }

  #clicked(target) {
    const calls = target.closest("[data-calls]") !== null;
    this.#choose(target.closest("[role=option]"), { calls });
  }

  get #words() {
    return this.input.value.trim();
  }

  #open() {
    if (!this.options.isOpen) this.list.showPopover();
    this.input.setAttribute("aria-expanded", "true");
  }

  #close() {
    if (this.options.isOpen) this.list.hidePopover();
    this.input.setAttribute("aria-expanded", "false");
    this.options.leave();
    this.#wanted = null;
  }

  #forget() {
    window.clearTimeout(this.#timer);
    this.#request?.abort();
    this.#request = null;
  }

  #leave() {
    this.#forget();
    this.#close();
  }

  #typed(event) {
    this.#wanted = null;
    this.#isTyped = true;
    if (!event.isComposing) this.#soon();
  }

  #entered() {
    this.#isTyped = false;
    if (this.#words) this.#soon();
  }

  #soon() {
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#ask(), WAIT);
  }

  async #ask() {
    const query = this.#words;
    this.#forget();
    if (!query) {
      this.#shown = "";
      this.list.replaceChildren();
      this.#close();
      return;
    }
    this.#request = new AbortController();
    const { signal } = this.#request;
    try {
      const url = `${this.form.dataset.findUrl}?q=${encodeURIComponent(query)}`;
      const answer = await fetch(url, { signal, headers: { "HX-Request": "true" } });
      if (answer.status === 401) {
        emit("session-locked", { retry: () => this.#ask() });
        return;
      }
      if (!answer.ok) throw new Error(String(answer.status));
      const html = await answer.text();
      if (!signal.aborted) this.#show(query, html);
    } catch {
      if (!signal.aborted) this.#showOffline();
    }
  }

  #show(query, html) {
    this.list.innerHTML = html;
    this.#shown = query;
    const found = this.options.options;
    this.#open();
    this.options.activate(found[0]);
    this.#count(found.length);
    if (this.#wanted) this.#choose(this.options.active, this.#wanted);
  }

  #showOffline() {
    const words = document.createElement("p");
    words.className = "call-results__none";
    words.textContent = this.list.dataset.offline;
    this.list.replaceChildren(words);
    this.#wanted = null;
    this.#open();
  }

  #count(number) {
    const line = this.querySelector("[data-call-count]");
    const { one, many, none } = line.dataset;
    line.textContent = number === 0 ? none : number === 1 ? one : many.replace("{n}", number);
  }

  /* A number or a code begins the call; a name, an order or a reference opens the place of that person,
     unless a call is asked for. */
  #choose(option, { calls = false } = {}) {
    this.#wanted = null;
    if (!option || this.form.hasAttribute("aria-busy")) return;
    if (option.dataset.open && !calls) {
      window.location.assign(option.dataset.open);
      return;
    }
    for (const name of ["customer", "account", "number", "code"]) {
      this.form.elements[name].value = option.dataset[name] ?? "";
    }
    this.form.requestSubmit();
  }

  /* Words of an earlier search, which `/` has only selected, are shown again before they do anything. */
  #enter(how) {
    if (!this.#words) return;
    if (!this.#isTyped) {
      this.#isTyped = true;
      this.#ask();
    } else if (this.#shown === this.#words && this.options.isOpen) {
      this.#choose(this.options.active, how);
    } else {
      this.#wanted = how;
      this.#ask();
    }
  }

  #key(event) {
    if (isComposing(event)) return;
    const { key } = event;
    if (key === "ArrowDown" || key === "ArrowUp") {
      this.#isTyped = true;
      if (this.options.isOpen) this.options.move(key);
      else this.#soon();
    } else if (key === "Enter") {
      this.#enter({ calls: event.ctrlKey || event.metaKey });
    } else if (key === "Escape" && this.options.isOpen) {
      this.#leave();
    } else if (key === "Escape") {
      this.input.value = "";
      emit("focus-home");
    } else return;
    event.preventDefault();
  }
}

customElements.define("call-box", CallBox);
