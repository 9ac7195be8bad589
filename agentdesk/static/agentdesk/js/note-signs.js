/* The signs that members put on a note: one menu for the whole thread, of the note whose button opened it. */
let address = "";

document.addEventListener(
  "click",
  ({ target }) => {
    const opener = target.closest?.("[data-signs]");
    if (opener) address = opener.dataset.signs;
    const sign = target.closest?.("#note-signs [data-sign]");
    if (!sign || !address) return;
    window.htmx.ajax("POST", address, { values: { emoji: sign.dataset.sign }, swap: "none" });
  },
  true,
);
