/* <choice-picker popover>: one for the desk. A button with data-picker="address" opens it beside itself; the
   choices come from there. It is filtered while one types; 1 to 9 choose while nothing is typed, Enter
   chooses what is active, Ctrl Enter does so and goes on to the next inquiry, Escape gives the focus
   back. What is chosen is posted to the same address, or, where the button has data-picker-asks, handed
   to it as `picked`. `picker-wanted` opens it beside a button that does something else when it is
   pressed. Keys that come before the choices wait for them. */
import { Combobox } from "./combobox.js";
import { isComposing } from "./composing.js";
import { emit } from "./events.js";
import { LiveElement } from "./live-element.js";
import { fitting, spellings } from "./matching/matching.js";
import { placeBeside } from "./place.js";

const PAUSE = 120;
const OPENERS = "[data-picker]:not([data-picker-asks])";

class ChoicePicker extends LiveElement {
  #opener = null;
  #closedBy = null; // the button whose press has just closed it
  #request = null;
  #timer = 0;
  #waiting = null; // what a key wants done as soon as the choices are there
  #open = null; // while it is open: what listens to the page
  #choices = [];

  begin() {
    const page = { within: document };
    this.field = this.querySelector("[data-picker-field]");
    this.body = this.querySelector("[data-picker-body]");
    this.options = new Combobox({ field: () => this.field, list: () => this.body });
    this.on("pointerdown", ({ target }) => this.#pressed(target), { ...page, capture: true });
    this.on("click", ({ target }) => this.#clicked(target), page);
    this.on("picker-wanted", ({ detail }) => this.#openAt(detail.button), page);
    this.on("close-dialog", () => this.#close(), page);
    this.on("mousedown", (event) => this.options.keepFocus(event));
    this.on("input", () => this.#typed(), { within: this.field });
    this.on("keydown", (event) => this.#key(event));
    this.on("toggle", ({ newState }) => this.#toggled(newState === "open"));
  }

  end() {
    this.#stop();
    this.#open?.abort();
  }

  get #isOpen() {
    return this.matches(":popover-open");
  }

  get #foot() {
    return this.querySelector("[data-picker-foot]");
  }

  get #isLoading() {
    return this.#request !== null || this.#timer !== 0;
  }

  /* The press closes it, as it closes every popover; the click after it must not open it again. */
  #pressed(target) {
    const button = target.closest?.(OPENERS);
    this.#closedBy = button && this.#isOpen && button === this.#opener ? button : null;
  }

  #clicked(target) {
    const option = target.closest?.("[role=option]");
    if (option && this.contains(option)) this.#choose(option);
    const button = target.closest?.(OPENERS);
    if (!button || button.disabled) return;
    const isClosing = button === this.#closedBy;
    this.#closedBy = null;
    if (!isClosing) this.#openAt(button);
  }

  #openAt(button) {
    this.#close();
    this.#expand(false);
    this.#opener = button;
    this.#choices = [];
    this.body.replaceChildren();
    this.field.value = "";
    this.field.placeholder = button.dataset.pickerHint ?? this.field.dataset.hint;
    const name = button.dataset.pickerLabel ?? button.dataset.shortcutLabel ?? button.ariaLabel ?? "";
    for (const element of [this, this.field]) element.setAttribute("aria-label", name);
    // Where nothing has the focus, the button is what it is given back to, at once: a key may follow.
    if (document.activeElement === document.body) button.focus({ preventScroll: true });
    this.showPopover();
    this.#expand(true);
    this.#place(); // it is unseen before that, and takes no focus
    this.field.focus();
    this.#load();
  }

  #close() {
    if (this.#isOpen) this.hidePopover();
  }

  #stop() {
    window.clearTimeout(this.#timer);
    this.#timer = 0;
    this.#request?.abort();
    this.#request = null;
  }

  async #load() {
    this.#stop();
    const request = new AbortController();
    this.#request = request;
    const url = new URL(this.#opener.dataset.picker, window.location.href);
    if (this.field.value) url.searchParams.set("q", this.field.value);
    const how = { headers: { "HX-Request": "true" }, signal: request.signal };
    const answer = await fetch(url, how).catch(() => null);
    const html = answer?.ok ? await answer.text().catch(() => "") : "";
    if (this.#request !== request || !this.#isOpen) return;
    this.#request = null;
    if (html) this.#fill(html);
    else this.#failed(answer?.status);
  }

  #failed(status) {
    const button = this.#opener;
    this.#close();
    if (status === 401) {
      emit("session-locked", { retry: () => button.isConnected && button.click() });
      return;
    }
    const { forbidden, missing, failed, unreachable } = document.getElementById("toasts").dataset;
    const title = { 403: forbidden, 404: missing }[status] ?? (status ? failed : unreachable);
    emit("toast", { title, tone: "danger" });
  }

  #fill(html) {
    if (this.#list) this.#list.replaceWith(listOf(html)); // what is in the foot stays
    else this.body.innerHTML = html;
    this.#settle();
  }

  get #list() {
    return this.body.querySelector("[role=listbox]");
  }

  /* Its choices are new. */
  #settle() {
    const list = this.#list;
    if (!list) return;
    this.#choices = [...list.querySelectorAll("[role=option]")].map((item) => ({
      item,
      words: spellings(item.querySelector(".menu__text").textContent, item.dataset.words),
    }));
    this.#filter();
    this.#place();
    const wanted = this.#waiting;
    this.#waiting = null;
    wanted?.();
  }

  #filter() {
    const query = this.field.value;
    const found = fitting(this.#choices, query, ({ words }) => words).map(({ item }) => item);
    this.#list?.replaceChildren(...found);
    found.forEach((item, at) => {
      item.querySelector("[data-digit]").textContent = !query && at < 9 ? String(at + 1) : "";
    });
    const none = this.querySelector("[data-picker-none]");
    if (none) none.hidden = found.length > 0 || !this.#list;
    const isNew = ({ dataset }) => !("current" in dataset);
    const prefersNew = !this.#foot || "prefersNew" in this.#foot.dataset;
    this.options.activate((prefersNew && found.find(isNew)) || found[0]);
  }

  #typed() {
    this.#filter();
    if (!this.#list?.hasAttribute("data-reads-typed")) return;
    this.#stop();
    this.#timer = window.setTimeout(() => this.#load(), PAUSE);
  }

  #key(event) {
    if (isComposing(event) || event.altKey) return;
    const isField = event.target === this.field;
    const isCommand = event.ctrlKey || event.metaKey;
    if (event.key === "Enter" && !(event.shiftKey && !isCommand)) {
      this.#soon(() => this.#choose(this.options.active, { isNext: isCommand }));
    } else if (isField && /^[1-9]$/.test(event.key) && !this.field.value && !isCommand) {
      this.#soon(() => this.#choose(this.options.options[Number(event.key) - 1]));
    } else if (!isField || isCommand || !this.options.move(event.key)) return;
    event.preventDefault();
  }

  #soon(act) {
    if (this.#isLoading) this.#waiting = act;
    else act();
  }

  #choose(option, { isNext = false } = {}) {
    if (!option || !this.#isOpen) return;
    const button = this.#opener;
    const foot = this.#foot;
    const values = {
      ...JSON.parse(option.dataset.values),
      ...(foot && Object.fromEntries(new FormData(foot))),
      ...(foot && isNext && { next: "1" }),
    };
    if ("pickerAsks" in button.dataset) {
      this.#close();
      emit("picked", { values }, { from: button, bubbles: true });
      return;
    }
    const how = { source: button, target: this.body, swap: "innerHTML", values, event: new Event("click") };
    window.htmx.ajax("POST", button.dataset.picker, how).then(() => this.#isOpen && this.#settle());
  }

  #place() {
    placeBeside(this, this.#anchor, { prefersAbove: "pickerAbove" in this.#opener.dataset });
  }

  /* The bar may have been drawn anew since. */
  get #anchor() {
    if (this.#opener.isConnected) return this.#opener;
    const { picker } = this.#opener.dataset;
    return document.querySelector(`[data-picker="${CSS.escape(picker)}"]`) ?? this.#opener;
  }

  #expand(isOpen) {
    if (this.#opener) this.#anchor.setAttribute("aria-expanded", String(isOpen));
  }

  #toggled(isOpen) {
    if (isOpen !== this.#isOpen) return; // it comes late: meanwhile another button has opened it
    this.#open?.abort();
    if (!isOpen) {
      this.#stop();
      this.#expand(false);
      this.#waiting = null;
      delete this.dataset.placed;
      // What had it before may have been drawn anew since.
      const { activeElement, body } = document;
      if (activeElement === body || this.contains(activeElement)) this.#anchor?.focus();
      return;
    }
    this.#open = new AbortController();
    const how = { capture: true, passive: true, signal: this.#open.signal };
    window.addEventListener("resize", () => this.#place(), how);
  }
}

function listOf(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  return document.adoptNode(page.querySelector("[role=listbox]"));
}

customElements.define("choice-picker", ChoicePicker);
