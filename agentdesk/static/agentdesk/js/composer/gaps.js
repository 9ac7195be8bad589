/* The gaps of a template, which their writer fills in: Tab selects the next one, Shift Tab the one before.
   Behind the last one, and before the first, Tab leaves the field as everywhere. */
import { isComposing } from "../composing.js";
import { selectIn, selectionIn } from "./editor-field.js";

export const GAP = /【\s*要入力[^】\n]*】|\[\s*fill in\b[^\]\n]*\]|\{\{[^{}\n]{1,60}\}\}/i;
const FIELDS = "textarea[data-templates], .mail-editor[data-templates]";

function gapsOf(text) {
  return [...text.matchAll(new RegExp(GAP, "gi"))].map(({ index, 0: words }) => [index, index + words.length]);
}

/* The formatted editor knows the line of the caret alone as its value. */
function textOf(field) {
  return field.insertWords ? field.textContent : field.value;
}

function selectionOf(field) {
  return field.insertWords ? selectionIn(field) : [field.selectionStart, field.selectionEnd];
}

export function selectGap(field, [start, end]) {
  if (field.insertWords) selectIn(field, start, end);
  else field.setSelectionRange(start, end);
}

function nextGap(field, isBack) {
  const all = gapsOf(textOf(field));
  const [start, end] = selectionOf(field);
  if (isBack) return all.filter(([, to]) => to <= start).at(-1);
  const isOn = all.some(([from, to]) => from === start && to === end);
  return all.find(([from, to]) => (isOn ? from >= end : to > end || (from === start && start === end)));
}

export function gaps(composer) {
  /* Before the editor, to which Tab means the level of a list. */
  function onTab(event) {
    if (event.key !== "Tab" || event.ctrlKey || event.metaKey || event.altKey) return;
    const field = event.target.closest?.(FIELDS);
    if (!field || isComposing(event) || composer.querySelector(":popover-open")) return;
    const gap = nextGap(field, event.shiftKey);
    if (!gap) return;
    event.preventDefault();
    event.stopPropagation();
    selectGap(field, gap);
  }

  composer.on("keydown", onTab, { capture: true });
}
