/* Menus are native popovers opened by popovertarget. This places them beside their button, moves the
   focus with the arrow keys and first letters, and closes them after a choice. */
import { isComposing } from "./composing.js";
import { isVisible } from "./visible.js";

const GAP = 4;
const EDGE = 8;

function openerOf(menu) {
  if (menu.dataset.anchor) return document.getElementById(menu.dataset.anchor);
  const openers = [...document.querySelectorAll(`[popovertarget="${CSS.escape(menu.id)}"]`)];
  return openers.find((opener) => opener === document.activeElement) ?? openers[0];
}

function place(menu) {
  const opener = openerOf(menu);
  if (!opener) return;
  const anchor = opener.getBoundingClientRect();
  if (menu.dataset.anchor) menu.style.minWidth = `${anchor.width}px`;
  const { offsetWidth: width, offsetHeight: height } = menu;
  const above = anchor.top - GAP - height;
  const isAbove = "above" in menu.dataset && above >= EDGE;
  const fitsBelow = !isAbove && anchor.bottom + GAP + height <= window.innerHeight - EDGE;
  const left =
    anchor.left + width <= window.innerWidth - EDGE ? anchor.left : anchor.right - width;
  menu.style.left = `${Math.max(EDGE, left)}px`;
  menu.style.top = `${fitsBelow ? anchor.bottom + GAP : Math.max(EDGE, above)}px`;
  menu.dataset.placed = "";
}

function itemsOf(menu) {
  return [...menu.querySelectorAll("[role^=menuitem]")].filter(
    (item) => !item.disabled && isVisible(item),
  );
}

/* [data-above] opens upwards where there is room: it hides nothing that is being written. */
document.addEventListener(
  "toggle",
  ({ target }) => {
    const menu = target.matches("details") && target.closest(".menu:popover-open");
    if (menu) place(menu);
  },
  true,
);

document.addEventListener(
  "toggle",
  (event) => {
    const menu = event.target;
    if (!(menu instanceof HTMLElement) || !menu.matches(".menu[popover]")) return;
    const isOpen = event.newState === "open";
    for (const opener of document.querySelectorAll(`[popovertarget="${CSS.escape(menu.id)}"]`)) {
      opener.setAttribute("aria-expanded", String(isOpen));
    }
    if (!isOpen) {
      delete menu.dataset.placed;
      menu.removeAttribute("style"); // it is measured anew when it opens again
      return;
    }
    place(menu);
    if (menu.getAttribute("role") !== "menu") return;
    const items = itemsOf(menu);
    (items.find((item) => item.getAttribute("aria-checked") === "true") ?? items[0])?.focus();
  },
  true,
);

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

document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.(".menu[popover]");
  if (!menu || isComposing(event) || event.ctrlKey || event.metaKey || event.altKey) return;
  const isField = event.target.matches("input:not([type=radio]), textarea, select");
  if (event.key === "Tab" && menu.getAttribute("role") === "menu") {
    menu.hidePopover();
    return;
  }
  const items = itemsOf(menu);
  if (isField || !items.length) return;
  const target = next(items, event.key);
  if (!target) return;
  event.preventDefault();
  target.focus();
});

document.addEventListener("click", ({ target }) => {
  const item = target.closest(".menu__item");
  if (!item || item.hasAttribute("data-keep-open")) return;
  const menu = item.closest(".menu[popover]");
  if (menu?.matches(":popover-open")) menu.hidePopover();
});

for (const event of ["resize", "scroll"]) {
  window.addEventListener(
    event,
    ({ target }) => {
      for (const menu of document.querySelectorAll(".menu:popover-open")) {
        if (target !== menu) place(menu);
      }
    },
    { capture: true, passive: true },
  );
}
