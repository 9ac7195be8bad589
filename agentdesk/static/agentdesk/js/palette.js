/* Ctrl/⌘ K: everything on the page with data-command="label", what stands in <template
   id="palette-commands">, and what data-search-url finds. Filtered while typing, used by keyboard. */
import { Combobox } from "./combobox.js";
import { isComposing } from "./composing.js";
import { fold } from "./fold.js";
import { isVisible } from "./visible.js";

const PAUSE = 100;
const palette = () => document.getElementById("palette");
const input = () => palette().querySelector(".palette__input");
const box = new Combobox({ field: input, list: palette });
let commands = [];
let timer = 0;
let search = null;

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

function settle() {
  const all = box.options;
  all.forEach((item, index) => {
    item.id ||= `palette-result-${index}`;
  });
  palette().querySelector("[data-palette-empty]").hidden = all.length > 0;
  if (!box.active) box.activate(all[0]);
}

function filter() {
  const wanted = fold(input().value).split(/\s+/).filter(Boolean);
  const list = palette().querySelector("[data-palette-commands]");
  const matching = commands
    .map((command, index) => ({ command, index }))
    .filter(({ command }) => wanted.every((word) => command.words.includes(word)));
  list.replaceChildren(...matching.map(({ command, index }) => option(command, index)));
  box.activate(null);
  settle();
}

async function ask(query) {
  search?.abort();
  search = new AbortController();
  const url = new URL(palette().dataset.searchUrl, window.location.href);
  url.searchParams.set("q", query);
  const answer = await fetch(url, {
    headers: { "HX-Request": "true" },
    signal: search.signal,
  }).catch(() => null);
  if (!answer?.ok || input().value.trim() !== query) return;
  palette().querySelector("[data-palette-results]").innerHTML = await answer.text();
  settle();
}

function look() {
  window.clearTimeout(timer);
  const query = input().value.trim();
  const results = palette().querySelector("[data-palette-results]");
  if (!query || !palette().dataset.searchUrl) {
    results.replaceChildren();
    settle();
    return;
  }
  timer = window.setTimeout(ask, PAUSE, query);
}

function open() {
  if (!palette() || palette().open) return;
  commands = collect();
  input().value = "";
  palette().querySelector("[data-palette-results]").replaceChildren();
  palette().showModal();
  input().focus();
  filter();
}

function run(item) {
  if (!item) return;
  palette().close();
  const { index } = item.dataset;
  if (index === undefined) {
    (item.matches("a") ? item : item.querySelector("a"))?.click();
    return;
  }
  const { source } = commands[Number(index)];
  if (source.isConnected) source.click();
  else if (source.href) window.location.assign(source.href);
}

document.addEventListener("keydown", (event) => {
  if (isComposing(event)) return;
  const isCall = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey);
  if (isCall && palette() && !event.shiftKey && !event.altKey) {
    event.preventDefault();
    if (palette().open) palette().close();
    else if (!document.querySelector("dialog[open]")) open();
    return;
  }
  if (!palette()?.open) return;
  if (event.key === "Enter") run(box.active);
  else if (!box.move(event.key)) return;
  event.preventDefault();
});

document.addEventListener("input", ({ target }) => {
  if (!target.matches?.(".palette__input")) return;
  filter();
  look();
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-open-palette]")) {
    open();
    return;
  }
  const item = event.target.closest("#palette [data-index]");
  if (item) run(item);
  else if (event.target.closest("#palette a[role=option]")) palette().close();
});
