/* The focus is never lost to nowhere, where every letter is a shortcut. When what had it goes away (a
   swap, a closed dialog, a button that is switched off), it passes to what stands in its place: the
   same control, else the nearest part of the page that stayed, else where the page begins. What the
   server refused takes it to the first field that is wrong. */
import { isComposing } from "./composing.js";
import { isVisible } from "./visible.js";

const FOCUSABLE =
  "a[href], button:not(:disabled), input:not(:disabled, [type=hidden]), select, textarea, summary, [tabindex]";
const SAME = ["data-shortcut", "hx-get", "hx-post", "href", "data-edit", "popovertarget"];
const WRITING = "#composer :is(textarea, select, input:not([type=radio]), .mail-editor)";
let trail = [];
let outside = [];
let timer = 0;

const isUsable = (node) => Boolean(node?.isConnected && !node.disabled && isVisible(node));

/* Only Chromium takes the focus away from what has been hidden: elsewhere it stays there, unseen. */
function isLost() {
  const now = document.activeElement;
  return !now || now === document.body || !isUsable(now);
}

function give(node) {
  if (!node) return false;
  if (!node.matches(FOCUSABLE)) node.tabIndex = -1;
  node.focus({ preventScroll: true });
  return !isLost();
}

function home() {
  const places = ["[data-focus-home]", "#main h1", "#main"];
  const found = places.map((place) => document.querySelector(place));
  give(found.find((node) => isUsable(node) && node.offsetHeight > 1));
}

function remember(node) {
  const steps = [];
  for (let step = node; step && step !== document.body; step = step.parentElement) {
    const names = SAME.filter((name) => step.hasAttribute(name));
    const same = names.map((name) => `[${name}="${CSS.escape(step.getAttribute(name))}"]`);
    steps.push({ node: step, id: step.id, same: same[0] ?? "" });
  }
  return steps;
}

const nowOf = ({ node, id }) => (node.isConnected ? node : id && document.getElementById(id));

/* The place that stayed, and in it the same control or the first one. */
function inPlace(own, around) {
  for (const step of around) {
    const holder = nowOf(step);
    if (!holder || holder.matches("dialog, .toasts, .shell") || !isUsable(holder)) continue;
    if (holder.matches("#main, #workspace, #conversation") || holder.offsetHeight < 2) continue;
    const again = own.same && [...holder.querySelectorAll(own.same)].find(isUsable);
    if (again) return again;
    if (holder.matches(FOCUSABLE)) return holder;
    const first = [...holder.querySelectorAll(FOCUSABLE)].find(isUsable);
    if (first) return first;
  }
  return null;
}

function recover() {
  if (!isLost() || document.querySelector("dialog[open]")) return;
  const [own, ...around] = trail[0]?.node.closest("dialog") ? outside : trail;
  const after = own && nowOf(own);
  if (own && give(isUsable(after) ? after : inPlace(own, around))) return;
  home();
}

/* Looked at a moment after a change, when the page is drawn: whether something is seen is worked out anew at
   each change else, while one types and at each conversation that is opened. */
function soon() {
  if (timer || !trail.length) return;
  timer = window.setTimeout(() => {
    timer = 0;
    if (trail.length && !isUsable(trail[0].node)) recover();
  }, 60);
}

/* What had it is not on the page: known without drawing it. */
function isGone() {
  const now = document.activeElement;
  return !now || now === document.body;
}

function toRefused(target) {
  const root = document.getElementById(target?.id) ?? target;
  const wrong = [...(root?.querySelectorAll("[aria-invalid=true]") ?? [])].find(isUsable);
  const field = wrong?.matches(FOCUSABLE) ? wrong : wrong?.querySelector(FOCUSABLE);
  if (give(field) && field) bringIntoView(field.closest(".field") ?? field);
}

/* With what is said of it; a page that shows it already stays where it is. */
function bringIntoView(field) {
  const { top, bottom } = field.getBoundingClientRect();
  if (top < 0 || bottom > window.innerHeight) field.scrollIntoView({ block: "center" });
}

document.addEventListener("focusin", ({ target }) => {
  trail = remember(target);
  if (!target.closest("dialog")) outside = trail;
});
/* A press beside everything takes the focus away on purpose: it is not brought back. */
document.addEventListener("focusout", ({ target, relatedTarget }) => {
  if (relatedTarget) return;
  window.setTimeout(() => {
    if (isLost() && isUsable(target)) trail = outside = [];
  });
});
document.addEventListener("htmx:afterSettle", ({ detail }) => {
  if (detail.xhr?.status === 422) toRefused(detail.target);
  else if (detail.target?.id === "workspace" && isGone()) home();
});
document.addEventListener("close", () => window.setTimeout(recover), true);
document.addEventListener("focus-home", home);
new MutationObserver(soon).observe(document.body, {
  attributeFilter: ["disabled", "hidden"],
  childList: true,
  subtree: true,
});

/* Escape leaves a field that a key leads to: the keys act again. */
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented) return;
  if (isComposing(event) || document.querySelector("dialog[open]")) return;
  if (!event.target.matches?.(`textarea[data-shortcut], ${WRITING}`)) return;
  event.preventDefault();
  home();
});

/* A page that came back with what is wrong in it. */
if (isLost()) toRefused(document.body);
