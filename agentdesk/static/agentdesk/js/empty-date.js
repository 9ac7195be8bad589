/* An empty date or time looks empty: browsers write a pattern there, WebKit today's date, in the
   colour of what has been filled in. Sets data-empty; whoever sets a value by script dispatches
   `input`. */
const DATES = "input:is([type=date], [type=time], [type=datetime-local])";

function mark(field) {
  field.toggleAttribute("data-empty", !field.value && !field.validity.badInput);
}

function markAll(root) {
  for (const field of root.querySelectorAll?.(DATES) ?? []) mark(field);
}

for (const kind of ["input", "change", "focusout"]) {
  document.addEventListener(kind, ({ target }) => target.matches?.(DATES) && mark(target));
}
document.addEventListener("reset", ({ target }) => setTimeout(markAll, 0, target));
document.addEventListener("htmx:load", ({ detail }) => markAll(detail.elt));
markAll(document);
