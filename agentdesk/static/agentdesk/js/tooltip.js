/* The name of an icon button, after a moment of hovering or as soon as the keyboard reaches it; with
   its key. Escape hides it, the pointer may rest on it. */
const DELAY = 450;
let timer = 0;
let shownFor = null;
let isByPointer = false;

/* An empty data-tooltip says what a screen reader is told. */
const words = (element) => element.dataset.tooltip || element.ariaLabel;

const bubble = () => document.getElementById("tooltip");

function hide() {
  window.clearTimeout(timer);
  shownFor?.removeAttribute("aria-describedby");
  shownFor = null;
  if (bubble()?.matches(":popover-open")) bubble().hidePopover();
}

function show(element) {
  const tip = bubble();
  if (!tip || !element.isConnected || element.getAttribute("aria-expanded") === "true") return;
  tip.textContent = words(element);
  const keys = element.dataset.keys ?? element.dataset.shortcut;
  if (keys) {
    const key = document.createElement("kbd");
    key.className = "kbd";
    key.textContent = keys.length === 1 ? keys.toUpperCase() : keys;
    tip.append(key);
  }
  tip.showPopover();
  shownFor = element;
  if (element.ariaLabel !== words(element) && !element.hasAttribute("aria-describedby")) {
    element.setAttribute("aria-describedby", tip.id);
  }
  const anchor = element.getBoundingClientRect();
  const beside = element.closest(".rail");
  const left = beside
    ? anchor.right + 6
    : anchor.left + anchor.width / 2 - tip.offsetWidth / 2;
  const below = anchor.bottom + 4;
  const top = beside
    ? anchor.top + anchor.height / 2 - tip.offsetHeight / 2
    : below + tip.offsetHeight > window.innerHeight
      ? anchor.top - tip.offsetHeight - 4
      : below;
  tip.style.left = `${Math.min(Math.max(4, left), window.innerWidth - tip.offsetWidth - 4)}px`;
  tip.style.top = `${top}px`;
}

document.addEventListener("pointerover", ({ target, pointerType }) => {
  if (pointerType === "touch" || target.closest?.("#tooltip")) return;
  const element = target.closest?.("[data-tooltip]");
  if (element === shownFor && element) return;
  hide();
  if (element) timer = window.setTimeout(() => show(element), DELAY);
});

document.addEventListener("focusin", ({ target }) => {
  hide();
  if (!isByPointer && target.matches?.("[data-tooltip]:focus-visible")) show(target);
});

document.addEventListener("focusout", hide);
document.addEventListener("htmx:afterSettle", () => shownFor && !shownFor.isConnected && hide());
document.addEventListener("pointerdown", () => {
  isByPointer = true;
  hide();
});
document.addEventListener("scroll", hide, { capture: true, passive: true });
document.addEventListener(
  "keydown",
  ({ key }) => {
    isByPointer = false;
    if (key === "Escape") hide();
  },
  true,
);
