/* iOS lays its keyboard over the page, where others make the page smaller (interactive-widget in base.html).
   How much is seen is set on the shell alone: on <html> every element of the page would be worked out anew. */
const KEYBOARD = 120; // CSS pixels: bars of the browser take less
const seen = window.visualViewport;

function fit() {
  const shell = document.querySelector(".shell");
  if (!shell) return;
  const isCovered = seen.scale === 1 && window.innerHeight - seen.height > KEYBOARD;
  if (!isCovered) {
    shell.style.removeProperty("--seen");
    return;
  }
  shell.style.setProperty("--seen", `${Math.round(seen.height)}px`);
  window.scrollTo(0, 0);
}

seen?.addEventListener("resize", fit);
