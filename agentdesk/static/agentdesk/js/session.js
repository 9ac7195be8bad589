/* A session that ended asks for the password over the page; nothing that was typed is lost. The
   sign-in fragment answers with HX-Trigger: session-unlocked. */
const RESTED = 700; // ms without a letter: none of them ends in the field for the password
const PATIENCE = 5000;
const blank = document.getElementById("reauthenticate-body")?.cloneNode(true);
const waiting = new Set();
let typedAt = 0;
let isComing = false;

for (const typing of ["keydown", "input", "compositionupdate"]) {
  document.addEventListener(typing, () => (typedAt = Date.now()), { capture: true, passive: true });
}

/* Asks when the hands rest, or after a while all the same. */
function whenRested(ask, since = Date.now()) {
  const now = Date.now();
  const rest = Math.min(typedAt + RESTED, since + PATIENCE) - now;
  if (rest <= 0) ask();
  else window.setTimeout(() => whenRested(ask, since), rest);
}

function dialog() {
  return document.getElementById("reauthenticate");
}

document.addEventListener("session-locked", ({ detail }) => {
  if (detail?.retry) waiting.add(detail.retry);
  const overlay = dialog();
  if (!overlay?.dataset.url) {
    window.location.reload();
    return;
  }
  if (overlay.open || isComing) return;
  isComing = true;
  whenRested(() => {
    isComing = false;
    overlay.showModal();
    const more = detail?.isStepUp ? "&step-up=1" : "";
    window.htmx.ajax("GET", overlay.dataset.url + more, {
      target: "#reauthenticate-body",
      swap: "innerHTML",
    });
  });
});

/* Whoever cancels does not want it done later either, and an old question is no answer to the next
   one. `close` does not bubble. */
document.addEventListener(
  "close",
  ({ target }) => {
    if (target !== dialog()) return;
    waiting.clear();
    target.toggleAttribute("data-locked", true);
    document.getElementById("reauthenticate-body")?.replaceWith(blank.cloneNode(true));
  },
  true,
);

/* The server knows whether a session is locked. One that goes on may be left unanswered: by Escape, or
   beside the dialog. */
document.addEventListener("htmx:afterSwap", () => {
  const overlay = dialog();
  if (overlay?.open) overlay.toggleAttribute("data-locked", !overlay.querySelector("[data-step-up]"));
});

document.addEventListener("session-unlocked", () => {
  const retries = [...waiting];
  waiting.clear();
  dialog()?.close();
  for (const retry of retries) retry();
});
