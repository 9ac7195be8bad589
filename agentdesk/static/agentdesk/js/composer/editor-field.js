/* The formatted editor as templates see a text field: the line of the caret is its value. */
const BLOCKS = "div, li, p, blockquote";

function lineOf(root) {
  const { anchorNode } = window.getSelection();
  const element = anchorNode instanceof Element ? anchorNode : anchorNode?.parentElement;
  const line = element?.closest(BLOCKS);
  return line && root.contains(line) ? line : root;
}

function beforeCaret(root) {
  const selection = window.getSelection();
  if (!selection.rangeCount || !root.contains(selection.anchorNode)) return "";
  const range = document.createRange();
  range.selectNodeContents(lineOf(root));
  range.setEnd(selection.anchorNode, selection.anchorOffset);
  return range.toString();
}

/* The place of the character of that number within an element: what begins there begins the next line,
   not the end of this one. */
function placeIn(element, number, isStart) {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  let left = number;
  let last = null;
  while (walker.nextNode()) {
    last = walker.currentNode;
    if (left < last.length || (!isStart && left === last.length)) return [last, left];
    left -= last.length;
  }
  return last ? [last, last.length] : [element, 0];
}

function select(element, from, to) {
  const range = document.createRange();
  range.setStart(...placeIn(element, from, true));
  range.setEnd(...placeIn(element, to, false));
  const selection = window.getSelection();
  selection.removeAllRanges();
  selection.addRange(range);
}

/* Places in the whole of the text, not in one line of it. */
export function selectIn(root, from, to) {
  select(root, from, to);
}

export function selectionIn(root) {
  const selection = window.getSelection();
  if (!selection.rangeCount || !root.contains(selection.anchorNode)) return [0, 0];
  const chosen = selection.getRangeAt(0);
  const before = document.createRange();
  before.selectNodeContents(root);
  before.setEnd(chosen.startContainer, chosen.startOffset);
  const start = before.toString().length;
  return [start, start + chosen.toString().length];
}

export function asField(root, editor) {
  Object.defineProperties(root, {
    value: { get: () => lineOf(root).textContent },
    selectionStart: { get: () => beforeCaret(root).length },
    setSelectionRange: { value: (from, to) => select(lineOf(root), from, to) },
    insertWords: { value: (text) => editor.insertPlainText(text, false) },
  });
  root.dataset.templates = "template-list";
}
