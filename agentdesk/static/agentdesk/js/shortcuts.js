/* One key, one action: an element with data-shortcut="r" is clicked (a field is focused) when R is
   pressed. Never while typing, while an IME composes, with a modifier, or behind a dialog. The list
   that `?` opens is made of what is on the page, under each element's own label.
   data-shortcut="J", a capital, is Shift J. data-shortcut-anywhere="y" is Alt Y, which acts while typing as well: browsers and IMEs leave Alt with
   these letters alone, where Ctrl Shift with most is theirs. */
import { isComposing } from "./composing.js";
import { isVisible } from "./visible.js";

const NAMES = { "/": "/", "?": "?", "[": "[", "]": "]", Enter: "Enter", Escape: "Esc" };

function isTyping(event) {
  const target = event.composedPath()[0] ?? event.target;
  if (!(target instanceof Element)) return false;
  if (target.closest("[contenteditable]:not([contenteditable=false]), textarea, select")) {
    return true;
  }
  return target.matches("input:not([type=checkbox], [type=radio], [type=button])");
}

export function isUsable(element) {
  return !element.disabled && element.ariaDisabled !== "true" && isVisible(element);
}

function found(key, attribute = "data-shortcut") {
  const dialog = [...document.querySelectorAll("dialog[open]")].at(-1);
  const scope = dialog ?? document;
  return [...scope.querySelectorAll(`[${attribute}="${CSS.escape(key)}"]`)].find(isUsable);
}

/* The letter that is written on the key; Option on a Mac makes another sign of it. */
function letterOf({ key, code }) {
  return /^[a-z]$/i.test(key) ? key.toLowerCase() : code.replace("Key", "").toLowerCase();
}

/* "J" is Shift J, whatever Caps Lock says. */
function asWritten({ key, shiftKey }) {
  return shiftKey ? key.toUpperCase() : key.toLowerCase();
}

export function use(element) {
  if (element.matches("textarea, select, input:not([type=radio], [type=checkbox])")) {
    element.focus();
    element.select?.();
    return;
  }
  element.click();
  const follow = element.dataset.shortcutFocus;
  if (follow) [...document.querySelectorAll(follow)].find(isUsable)?.focus();
}

/* The text of an element without the key that is drawn on it. */
function wordsOf(element) {
  const copy = element.cloneNode(true);
  for (const key of copy.querySelectorAll("kbd")) key.remove();
  return copy.textContent;
}

export function label(element) {
  const own =
    element.dataset.shortcutLabel ??
    element.getAttribute("aria-label") ??
    wordsOf(element.closest("label") ?? element);
  return own.replace(/\s+/g, " ").trim();
}

export function keyNames(key) {
  const isShifted = /^[A-Z]$/.test(key);
  return [...(isShifted ? ["Shift"] : []), NAMES[key] ?? key.toUpperCase()];
}

function row(text, keys) {
  const item = document.createElement("li");
  const name = document.createElement("span");
  name.textContent = text;
  const end = document.createElement("span");
  for (const key of keys) {
    const cap = document.createElement("kbd");
    cap.className = "kbd";
    cap.textContent = key;
    end.append(cap, " ");
  }
  item.append(name, end);
  return item;
}

function fillList() {
  const list = document.querySelector("[data-shortcut-list]");
  if (!list) return;
  const seen = new Map();
  for (const element of document.querySelectorAll("[data-shortcut]")) {
    const key = element.dataset.shortcut;
    if (!seen.has(key) && isVisible(element)) seen.set(key, label(element));
  }
  const control = /Mac|iPhone|iPad/.test(navigator.platform) ? "⌘" : "Ctrl";
  list.replaceChildren(...[...seen].map(([key, text]) => row(text, keyNames(key))));
  if (document.getElementById("palette")) {
    list.append(row(list.dataset.palette, [control, "K"]));
  }
  if (document.querySelector("[data-composer]")) {
    list.append(row(list.dataset.send, [control, "Enter"]));
    list.append(row(list.dataset.channel, ["Alt", "↓"]));
    for (const item of document.querySelectorAll("[data-after-send]")) {
      list.append(row(label(item), item.querySelector(".kbd").textContent.split(" ")));
    }
  }
  if (document.getElementById("call-rings")) {
    list.append(row(list.dataset.answer, ["Alt", "Y"]), row(list.dataset.ignore, ["Alt", "X"]));
  }
  if (document.querySelector("textarea[data-shortcut], textarea[data-for]")) {
    list.append(row(list.dataset.leave, ["Esc"]));
  }
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.repeat || isComposing(event) || isTyping(event)) return;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const isLetter = /^[a-z]$/i.test(event.key);
  if (event.target.closest?.("[role=menu]")) return;
  const element = found(isLetter ? asWritten(event) : event.key);
  if (!element) return;
  event.preventDefault();
  use(element);
});

document.addEventListener("keydown", (event) => {
  if (!event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (event.defaultPrevented || event.repeat || isComposing(event)) return;
  const element = found(letterOf(event), "data-shortcut-anywhere");
  if (!element) return;
  event.preventDefault();
  // It leads to another page: whatever is being written is saved first, as it is when one clicks.
  if (element.type === "submit") document.activeElement?.blur();
  use(element);
});

/* Ctrl/⌘ Enter sends, wherever one writes; a plain Enter never does. */
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || isComposing(event)) return;
  if (event.shiftKey || event.altKey || event.defaultPrevented) return;
  const form = event.target.closest?.("form[data-composer], form[data-send-key], dialog form");
  const button = form?.querySelector("[data-default-submit]") ?? form?.querySelector("[type=submit]");
  if (!form || button?.disabled) return;
  event.preventDefault();
  if (button) button.click();
  else form.requestSubmit();
});

document.addEventListener(
  "click",
  ({ target }) => {
    if (target.closest?.('[data-open-dialog="shortcuts"]')) fillList();
  },
  true,
);
