/* hx-confirm="Question?" asks in our own dialog. The button of the dialog says what data-confirm-label
   of the element says, or what the button that was pressed says. */
let issue = null;

const dialog = () => document.getElementById("confirm");

document.addEventListener("htmx:confirm", (event) => {
  const { question, elt, issueRequest } = event.detail;
  if (!question || !dialog()) return;
  event.preventDefault();
  issue = () => issueRequest(true);
  dialog().querySelector("[data-confirm-question]").textContent = question;
  const button = dialog().querySelector("[data-confirm-yes]");
  const pressed = elt.matches("button") ? elt.innerText.trim() : "";
  button.textContent = elt.dataset.confirmLabel ?? (pressed || button.dataset.label);
  dialog().showModal();
});

document.addEventListener("click", ({ target }) => {
  if (!target.closest?.("[data-confirm-yes]")) return;
  dialog().close();
  issue?.();
});

document.addEventListener(
  "close",
  ({ target }) => {
    if (target === dialog()) issue = null;
  },
  true,
);
