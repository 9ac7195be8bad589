/* A popover beside what it belongs to: below, or above where there is room and it is wanted; and within
   the window. */
const GAP = 4;
const EDGE = 8;

export function placeBeside(popover, anchor, { prefersAbove = false } = {}) {
  const { top, bottom, left: start, right: end } = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = popover;
  const above = top - GAP - height;
  const isAbove = prefersAbove && above >= EDGE;
  const fitsBelow = !isAbove && bottom + GAP + height <= window.innerHeight - EDGE;
  const left = start + width <= window.innerWidth - EDGE ? start : end - width;
  popover.style.left = `${Math.max(EDGE, left)}px`;
  popover.style.top = `${fitsBelow ? bottom + GAP : Math.max(EDGE, above)}px`;
  popover.dataset.placed = "";
}
