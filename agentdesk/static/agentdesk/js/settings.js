// Behaviour of the settings pages: what was done is said, what is wrong gets the focus.
import "./settings/hours.js";
import "./settings/insert.js";
import "./settings/preview.js";
import "./settings/reorder.js";
import "./settings/typing.js";

document.addEventListener("announce", ({ detail }) => {
  const region = document.getElementById("settings-said");
  if (region) region.textContent = detail.text;
  if (detail.focus) document.getElementById(detail.focus)?.focus();
});

document.addEventListener("htmx:afterSettle", ({ detail, target }) => {
  if (!(target instanceof Element)) return;
  if (detail.xhr?.status === 422) target.querySelector('[aria-invalid="true"]')?.focus();
});

/* A row that is a form now, or a form below a row: that one is opened once, however often it is asked for. */
document.addEventListener("htmx:load", ({ target }) => {
  if (!(target instanceof Element) || !target.matches(".rows__row--editor")) return;
  const all = [...document.querySelectorAll(".rows__row--editor")];
  const first = all.find((one) => one.id === target.id && one !== target);
  if (first) target.remove();
  (first ?? target).querySelector("input.input")?.focus();
});

/* What is typed now is judged anew: the refusal of what was sent before is over. */
document.addEventListener("htmx:afterSettle", ({ detail }) => {
  const id = detail.target?.id ?? "";
  const field = id.startsWith("typed-") ? document.getElementById(id)?.closest(".field") : null;
  if (!field) return;
  field.querySelector('[id$="_error"]')?.remove();
  const isWrong = document.getElementById(id).matches(".field__error");
  field.querySelector(".input")?.setAttribute("aria-invalid", String(isWrong));
});

/* The end of a list: the button keeps the focus and does nothing. */
document.addEventListener(
  "click",
  (event) => {
    if (!event.target.closest?.('button[aria-disabled="true"]')) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  },
  true,
);

/* The navigation scrolls by itself: where one is must not be below its fold. */
const here = document.querySelector(".page__nav [aria-current]");
const nav = here?.closest(".page__nav");
if (nav) nav.scrollTop = here.offsetTop + here.offsetHeight - nav.clientHeight;
