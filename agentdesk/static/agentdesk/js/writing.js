/* Where one writes now: the text, its formatted twin, or the template that alone may go. */
import { isVisible } from "./visible.js";

const PLACES = "#composer-template, #composer .mail-editor, #composer textarea[data-for]";

export function writingPlace() {
  return [...document.querySelectorAll(PLACES)].find((place) => isVisible(place));
}
