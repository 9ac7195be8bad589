/* Our own tokens fit into a header; anything else in their place was written by somebody else. */

export function isToken(value) {
  return typeof value === "string" && /^[\w:.-]{0,300}$/.test(value);
}
