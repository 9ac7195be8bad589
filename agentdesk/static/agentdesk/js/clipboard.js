/* Office programs put a picture of the words beside the words: then the words are meant. */
export function hasWords(clipboard) {
  const page = new DOMParser().parseFromString(clipboard.getData("text/html"), "text/html");
  return page.body.textContent.trim() !== "";
}
