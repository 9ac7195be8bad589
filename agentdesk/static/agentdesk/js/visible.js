/* Whether an element is on the screen: Safari before 17.4 and Firefox before 106 have no
   checkVisibility, and what is not rendered has no boxes. */
export function isVisible(node) {
  return node.checkVisibility ? node.checkVisibility() : node.getClientRects().length > 0;
}
