// A variable is put into the text of a template where the caret is.
import { insertText } from "../insert-text.js";

document.addEventListener("click", ({ target }) => {
  const button = target.closest?.("[data-insert]");
  const field = button && document.getElementById(button.dataset.insertInto);
  if (field) insertText(field, field.selectionStart, field.selectionEnd, button.dataset.insert);
});
