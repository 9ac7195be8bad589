/* Text put into a field as if it were typed: Ctrl Z takes it out again, and the field's own listeners
   hear of it. */
import { typedByScript } from "./events.js";

export function insertText(field, from, to, text) {
  field.focus();
  field.setSelectionRange(from, to);
  if (field.insertWords) {
    field.insertWords(text);
    return;
  }
  if (document.execCommand("insertText", false, text)) return;
  field.setRangeText(text, from, to, "end");
  typedByScript(field);
}
