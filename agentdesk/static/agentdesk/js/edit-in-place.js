/* Forms that stand in the place of what they edit (data-in-place): Escape takes what stood there before,
   and the focus comes back to the button that opened the form (data-edit), never to nowhere. */
import { isComposing } from "./composing.js";

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || isComposing(event)) return;
  const form = event.target.closest?.("form[data-in-place]");
  if (!form || document.querySelector("dialog[open]")) return;
  event.preventDefault();
  event.stopPropagation();
  form.querySelector("[data-cancel]")?.click();
});

let leaving = "";

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const form = detail.target.querySelector?.("form[data-in-place]");
  leaving = form?.contains(document.activeElement) ? detail.target.id : "";
});

document.addEventListener("htmx:afterSettle", ({ target }) => {
  const form = target.querySelector?.("form[data-in-place]");
  if (form && !form.contains(document.activeElement)) {
    const first = form.querySelector("[aria-invalid=true], [autofocus]") ?? form.querySelector(".input");
    first?.focus();
    first?.select?.();
  } else if (leaving && !form && (document.activeElement === document.body || !document.activeElement)) {
    document.getElementById(leaving)?.querySelector("[data-edit]")?.focus();
  }
  if (!form) leaving = "";
});
