// Behaviour of the settings pages: what was done is said, what is wrong gets the focus.
import "./settings/hours.js";

document.addEventListener("announce", (event) => {
  const region = document.getElementById("settings-said");
  if (region) region.textContent = event.detail.text;
});

document.addEventListener("htmx:afterSettle", (event) => {
  const swapped = event.target;
  if (event.detail.xhr?.status !== 422 || !(swapped instanceof Element)) return;
  const wrong = swapped.querySelector('[aria-invalid="true"]');
  if (wrong) wrong.focus();
});
