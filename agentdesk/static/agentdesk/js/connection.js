/* Says that the connection is lost, and that it is back. The socket module dispatches
   connection-lost and connection-back; the browser's own on- and offline events count as well.
   connection-retry asks the socket to try now. */
import { emit } from "./events.js";

const PATIENCE = 1500;
const GOOD_NEWS = 2500;
let timer = 0;
let shown = false;

function show(state) {
  const box = document.getElementById("connection");
  if (!box) return;
  box.querySelector("[data-connection-text]").textContent = box.dataset[state];
  box.querySelector("[data-connection-retry]").hidden = state !== "offline";
  box.querySelector("[data-tone]").dataset.tone = state === "offline" ? "warning" : "success";
  box.hidden = false;
}

function lost() {
  document.documentElement.dataset.connection = "lost";
  if (shown || timer) return;
  timer = window.setTimeout(() => {
    timer = 0;
    shown = true;
    show("offline");
  }, PATIENCE);
}

function back() {
  delete document.documentElement.dataset.connection;
  window.clearTimeout(timer);
  timer = 0;
  if (!shown) return;
  shown = false;
  show("back");
  window.setTimeout(() => {
    if (!shown) document.getElementById("connection").hidden = true;
  }, GOOD_NEWS);
}

window.addEventListener("offline", lost);
window.addEventListener("online", () =>
  emit("connection-retry"),
);
document.addEventListener("connection-lost", lost);
document.addEventListener("connection-back", back);
document.addEventListener("click", ({ target }) => {
  if (target.closest("[data-connection-retry]")) {
    emit("connection-retry");
  }
});
if (!navigator.onLine) lost();
