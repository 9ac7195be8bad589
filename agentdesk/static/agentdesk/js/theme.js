/* Light, dark or as the system: [data-theme-choice] buttons. Remembered in this browser at once, and
   for the user by a post to the data-url around the buttons. */
import { emit } from "./events.js";

const root = document.documentElement;

function mark() {
  for (const button of document.querySelectorAll("[data-theme-choice]")) {
    const chosen = button.dataset.themeChoice === (root.dataset.theme || "auto");
    button.setAttribute("aria-pressed", String(chosen));
  }
}

document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-theme-choice]");
  if (!button) return;
  root.dataset.theme = button.dataset.themeChoice;
  try {
    localStorage.setItem("agentdesk.theme", root.dataset.theme);
  } catch {
    /* Without storage the choice lasts as long as the page. */
  }
  mark();
  const url = button.closest("[data-theme-switch]")?.dataset.url;
  if (url) {
    emit("save-preference", { url, name: "theme", value: root.dataset.theme });
  }
});

document.addEventListener("htmx:load", mark);
mark();
