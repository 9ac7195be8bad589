/* In a narrow or enlarged window the desk shows one pane: the conversation, unless <html data-pane> says
   "list" or "customer". [data-show-pane] leads there and back, and the focus goes along; which media
   query it is stands in desk.css. */
import { emit } from "./events.js";
import { isVisible } from "./visible.js";

const root = document.documentElement;
const FIRST = {
  list: ["#list .entry[aria-current]", "#list .entry", "#list-scroll"],
  customer: ["#pane-customer [data-show-pane]"],
};

function show(pane) {
  if (pane in FIRST) root.dataset.pane = pane;
  else delete root.dataset.pane;
  const found = FIRST[pane]?.map((place) => document.querySelector(place)).find(Boolean);
  if (found) found.focus();
  else emit("focus-home");
}

document.addEventListener("click", ({ target }) => {
  const pane = target.closest?.("[data-show-pane]")?.dataset.showPane;
  if (pane) show(pane);
});

/* Another conversation was opened: it is what one wants to see. */
document.addEventListener("htmx:afterSettle", ({ detail }) => {
  if (detail.target?.id !== "workspace") return;
  delete root.dataset.pane;
  window.requestAnimationFrame(() => {
    if (!isVisible(document.getElementById("pane-list"))) emit("focus-home");
  });
});
