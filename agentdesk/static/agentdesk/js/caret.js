/* A text that was begun goes on at its end: browsers begin before it where a page came with one. */
const visited = new WeakSet();

document.addEventListener("focusin", ({ target }) => {
  if (!(target instanceof HTMLTextAreaElement) || visited.has(target)) return;
  visited.add(target);
  if (target.selectionEnd === 0) target.setSelectionRange(target.value.length, target.value.length);
});
