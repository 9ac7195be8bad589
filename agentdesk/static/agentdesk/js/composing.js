/* An IME composes: the key is the IME's, whatever it is. Safari says it by the key code alone. */
export function isComposing(event) {
  return event.isComposing || event.keyCode === 229;
}
