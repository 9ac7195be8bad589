/* [data-copy="text"] puts its text on the clipboard and says that, never what: it may be a secret. */
import { emit } from "./events.js";

async function copy(text) {
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(text);
    return;
  }
  /* Plain http on the floor's network has no clipboard interface. */
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "visually-hidden";
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}

document.addEventListener("click", async ({ target }) => {
  const button = target.closest("[data-copy]");
  if (!button) return;
  const { copied, failed } = document.getElementById("toasts").dataset;
  const detail = await copy(button.dataset.copy).then(
    () => ({ title: copied }),
    () => ({ title: failed, tone: "danger" }),
  );
  emit("toast", detail);
});
