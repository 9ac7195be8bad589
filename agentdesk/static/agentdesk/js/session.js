/* A session that ended asks for the password over the page; nothing that was typed is lost. The
   sign-in fragment answers with HX-Trigger: session-unlocked. */
const waiting = new Set();

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
  if (overlay.open) return;
  overlay.showModal();
  window.htmx.ajax("GET", overlay.dataset.url, {
    target: "#reauthenticate-body",
    swap: "innerHTML",
  });
});

document.addEventListener("session-unlocked", () => {
  dialog()?.close();
  const retries = [...waiting];
  waiting.clear();
  for (const retry of retries) retry();
});
