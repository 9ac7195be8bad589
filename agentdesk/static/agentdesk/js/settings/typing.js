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

document.addEventListener("htmx:oobBeforeSwap", ({ detail }) => {
  const form = detail.target.querySelector("[data-keeps-typing]");
  if (form && isWritten(form)) detail.shouldSwap = false;
});
