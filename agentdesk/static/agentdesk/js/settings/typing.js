// What another tab has saved is shown here as well, but never over a form somebody is writing in.
function isChanged(field) {
  if (!field.matches("select")) {
    return field.value !== field.defaultValue || field.checked !== field.defaultChecked;
  }
  const chosen = [...field.options].findIndex((option) => option.defaultSelected);
  return field.selectedIndex !== Math.max(chosen, 0);
}

function isWritten(form) {
  const fields = [...form.querySelectorAll("input:not([type=hidden]), select, textarea")];
  return fields.some((field) => field === document.activeElement || isChanged(field));
}

/* No answer holds a secret: what was typed of them goes over into the form that takes the place of
   this one, where another kind was chosen or the server found a fault. What was saved is let go. */
const secrets = new Map();
const SECRETS = "input[type=password]";

function keepSecrets(form, isSaved) {
  if (isSaved) secrets.clear();
  else for (const { name, value } of form.querySelectorAll(SECRETS)) value && secrets.set(name, value);
}

function restoreSecrets(form) {
  for (const input of form.querySelectorAll(SECRETS)) {
    if (input.value || !secrets.has(input.name)) continue;
    input.value = secrets.get(input.name);
    input.closest("details")?.setAttribute("open", "");
  }
}

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const form = detail.target.querySelector?.("[data-keeps-typing]");
  const isSubmitted = detail.requestConfig?.elt.matches("form");
  if (form) keepSecrets(form, isSubmitted && detail.xhr.status < 300);
});
document.addEventListener("htmx:afterSwap", () => {
  const form = document.querySelector("[data-keeps-typing]");
  if (form) restoreSecrets(form);
});

document.addEventListener("htmx:oobBeforeSwap", ({ detail }) => {
  const form = detail.target.querySelector("[data-keeps-typing]");
  if (form && isWritten(form)) detail.shouldSwap = false;
});
