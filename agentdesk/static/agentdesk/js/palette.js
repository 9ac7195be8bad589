/* <command-palette> around a dialog. Ctrl/⌘ K: every action of the page with its key (what has data-shortcut,
   and the entries of its menus), everything with data-command="label", what stands in
   <template id="palette-commands">, and what data-search-url finds. Filtered while typing in kanji, kana or
   Latin letters, used by keyboard. */
import { Combobox } from "./combobox.js";
import { isComposing } from "./composing.js";
import { LiveElement } from "./live-element.js";
import { fitting, spellings } from "./matching/matching.js";
import { isUsable, keyNames, label, use } from "./shortcuts.js";
import { isVisible } from "./visible.js";

const PAUSE = 100;
const ENTRIES = ".menu[popover] [role^=menuitem]:not([hidden], :disabled, [aria-disabled=true])";
const CONTENTS = "#outbox-panel, #notification-panel"; // lists of things, not of actions

function command(source, name, hint = "") {
  const text = name.replace(/\s+/g, " ").trim();
  const words = [source.dataset.keywords, hint].filter(Boolean).join(" ");
  return { label: text, source, hint, key: keyOf(source), spellings: spellings(text, words) };
}

function keyOf(source) {
  const { shortcut, shortcutAnywhere } = source.dataset;
  if (shortcut) return keyNames(shortcut).join(" ");
  if (shortcutAnywhere) return `Alt ${shortcutAnywhere.toUpperCase()}`;
  return source.matches(".menu__item") ? (source.querySelector(".kbd")?.textContent ?? "") : "";
}

/* What is done to the open conversation comes first. */
function ofKeys() {
  const all = [...document.querySelectorAll("[data-shortcut], [data-shortcut-anywhere]")].filter(isUsable);
  const here = all.filter((source) => source.closest("#conversation"));
  const others = all.filter((source) => !here.includes(source));
  return [...here, ...others].map((source) => command(source, label(source)));
}

/* Of menus whose button can be pressed. */
function ofMenus() {
  return [...document.querySelectorAll(ENTRIES)].flatMap((source) => {
    const menu = source.closest("[popover]");
    const opener = document.querySelector(`[popovertarget="${CSS.escape(menu.id)}"]`);
    if (menu.matches(CONTENTS) || !opener || !isUsable(opener)) return [];
    const name = source.dataset.command || source.querySelector(".menu__text")?.textContent || label(source);
    const title = menu.ariaLabel ?? menu.querySelector("[aria-label]")?.ariaLabel ?? "";
    return [command(source, name, title)];
  });
}

function ofPages() {
  const stored = document.getElementById("palette-commands")?.content;
  const sources = [
    ...document.querySelectorAll("[data-command]"),
    ...(stored?.querySelectorAll("[data-command]") ?? []),
  ];
  const there = sources.filter((source) => !source.isConnected || (isVisible(source) && !source.disabled));
  return there.map((source) => command(source, source.dataset.command || source.textContent));
}

function collect() {
  const seen = new Set();
  return [...ofKeys(), ...ofPages(), ...ofMenus()].filter((one) => {
    const isNew = one.label !== "" && !seen.has(one.label);
    seen.add(one.label);
    return isNew;
  });
}

function option({ label: name, source, hint, key }, index) {
  const item = document.createElement("div");
  item.className = "menu__item";
  item.id = `palette-command-${index}`;
  item.setAttribute("role", "option");
  item.dataset.index = String(index);
  const icon = (source.closest("label") ?? source).querySelector("svg")?.cloneNode(true);
  if (icon) {
    icon.setAttribute("width", "16");
    icon.setAttribute("height", "16");
    item.append(icon);
  }
  const text = document.createElement("span");
  text.className = "menu__text";
  text.textContent = name;
  item.append(text);
  if (hint) {
    const beside = document.createElement("span");
    beside.className = "menu__hint";
    beside.textContent = hint;
    item.append(beside);
  }
  for (const one of key.split(" ").filter(Boolean)) {
    const cap = document.createElement("kbd");
    cap.className = "kbd";
    cap.textContent = one;
    item.append(cap);
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
    const found = fitting(this.#commands, this.input.value, (one) => one.spellings);
    const items = found.map((one) => option(one, this.#commands.indexOf(one)));
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
    if (source.isConnected) use(source);
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
