/* <command-palette> around a dialog. Ctrl/⌘ K: everything on the page with data-command="label", what stands
   in <template id="palette-commands">, and what data-search-url finds. Filtered while typing, used by
   keyboard. */
import { Combobox } from "./combobox.js";
import { isComposing } from "./composing.js";
import { fold } from "./fold.js";
import { LiveElement } from "./live-element.js";
import { isVisible } from "./visible.js";

const PAUSE = 100;

function collect() {
  const kept = document.getElementById("palette-commands")?.content;
  const sources = [
    ...document.querySelectorAll("[data-command]"),
    ...(kept?.querySelectorAll("[data-command]") ?? []),
  ];
  const seen = new Set();
  return sources.flatMap((source) => {
    const label = source.dataset.command || source.textContent.trim();
    const isThere = !source.isConnected || isVisible(source);
    if (!isThere || source.disabled || seen.has(label)) return [];
    seen.add(label);
    return [{ label, source, words: fold(`${label} ${source.dataset.keywords ?? ""}`) }];
  });
}

function option({ label, source }, index) {
  const item = document.createElement("div");
  item.className = "menu__item";
  item.id = `palette-command-${index}`;
  item.setAttribute("role", "option");
  item.dataset.index = String(index);
  const icon = source.querySelector("svg")?.cloneNode(true);
  if (icon) {
    icon.setAttribute("width", "16");
    icon.setAttribute("height", "16");
    item.append(icon);
  }
  const text = document.createElement("span");
  text.className = "menu__text";
  text.textContent = label;
  item.append(text);
  if (source.dataset.shortcut) {
    const key = document.createElement("kbd");
    key.className = "kbd";
    key.textContent = source.dataset.shortcut.toUpperCase();
    item.append(key);
  }
  return item;
}

class CommandPalette extends LiveElement {
  #commands = [];
  #timer = 0;
  #search = null;

  begin() {
    this.dialog = this.querySelector("dialog");
    this.input = this.querySelector(".palette__input");
    this.options = new Combobox({ field: () => this.input, list: () => this.dialog });
    this.on("keydown", (event) => this.#key(event), { within: document });
    this.on("click", ({ target }) => target.closest("[data-open-palette]") && this.#open(), { within: document });
    this.on("click", ({ target }) => this.#clicked(target));
    this.on("input", () => this.#typed(), { within: this.input });
  }

  end() {
    window.clearTimeout(this.#timer);
    this.#search?.abort();
  }

  get #results() {
    return this.querySelector("[data-palette-results]");
  }

  #open() {
    if (this.dialog.open) return;
    this.#commands = collect();
    this.input.value = "";
    this.#results.replaceChildren();
    this.dialog.showModal();
    this.input.focus();
    this.#filter();
  }

  #settle() {
    const all = this.options.options;
    all.forEach((item, index) => {
      item.id ||= `palette-result-${index}`;
    });
    this.querySelector("[data-palette-empty]").hidden = all.length > 0;
    if (!this.options.active) this.options.activate(all[0]);
  }

  #filter() {
    const wanted = fold(this.input.value).split(/\s+/).filter(Boolean);
    const matching = this.#commands
      .map((command, index) => ({ command, index }))
      .filter(({ command }) => wanted.every((word) => command.words.includes(word)));
    const items = matching.map(({ command, index }) => option(command, index));
    this.querySelector("[data-palette-commands]").replaceChildren(...items);
    this.options.activate(null);
    this.#settle();
  }

  #typed() {
    this.#filter();
    window.clearTimeout(this.#timer);
    const query = this.input.value.trim();
    if (!query || !this.dialog.dataset.searchUrl) {
      this.#results.replaceChildren();
      this.#settle();
      return;
    }
    this.#timer = window.setTimeout(() => this.#ask(query), PAUSE);
  }

  async #ask(query) {
    this.#search?.abort();
    this.#search = new AbortController();
    const url = new URL(this.dialog.dataset.searchUrl, window.location.href);
    url.searchParams.set("q", query);
    const how = { headers: { "HX-Request": "true" }, signal: this.#search.signal };
    const answer = await fetch(url, how).catch(() => null);
    if (!answer?.ok || this.input.value.trim() !== query) return;
    this.#results.innerHTML = await answer.text();
    this.#settle();
  }

  #run(item) {
    if (!item) return;
    this.dialog.close();
    const { index } = item.dataset;
    if (index === undefined) {
      (item.matches("a") ? item : item.querySelector("a"))?.click();
      return;
    }
    const { source } = this.#commands[Number(index)];
    if (source.isConnected) source.click();
    else if (source.href) window.location.assign(source.href);
  }

  #key(event) {
    if (isComposing(event)) return;
    const isCall = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey);
    if (isCall && !event.shiftKey && !event.altKey) {
      event.preventDefault();
      if (this.dialog.open) this.dialog.close();
      else if (!document.querySelector("dialog[open]")) this.#open();
      return;
    }
    if (!this.dialog.open) return;
    if (event.key === "Enter") this.#run(this.options.active);
    else if (!this.options.move(event.key)) return;
    event.preventDefault();
  }

  #clicked(target) {
    const item = target.closest("[data-index]");
    if (item) this.#run(item);
    else if (target.closest("a[role=option]")) this.dialog.close();
  }
}

customElements.define("command-palette", CommandPalette);
