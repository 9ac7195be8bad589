/* The lines of this person, read again every second and a half; the end stays in view. */
const EVERY = 1500;
const list = () => document.getElementById("lines");

async function refresh() {
  try {
    const answer = await fetch(window.location.href);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("lines");
    if (fresh && fresh.textContent !== list().textContent) {
      list().replaceWith(fresh);
      toEnd();
    }
  } catch {
    /* The simulator is away: it is asked again. */
  }
}

function toEnd() {
  list().scrollTop = list().scrollHeight;
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
  event.target.closest("form")?.querySelector("button")?.click();
});
toEnd();
window.setInterval(refresh, EVERY);
