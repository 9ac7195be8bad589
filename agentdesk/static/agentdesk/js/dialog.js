/* Native dialogs: [data-open-dialog="id"] opens, [data-close-dialog] closes, a dialog[data-open] that
   is swapped in shows itself and is removed when it closes. A dialog whose form was changed asks
   before it throws that away; [data-locked] cannot be closed by the user. */
const touched = new WeakSet();
let leaving = null;

function topmost() {
  return [...document.querySelectorAll("dialog[open]")].at(-1);
}

function isDirty(dialog) {
  return [...dialog.querySelectorAll("form")].some((form) => touched.has(form));
}

function leave(dialog) {
  const question = document.getElementById("unsaved");
  if (isDirty(dialog) && question && question !== dialog) {
    leaving = dialog;
    question.showModal();
    return;
  }
  dialog.close();
}

function openNew(root) {
  const found = [...(root.querySelectorAll?.("dialog[data-open]") ?? [])];
  if (root.matches?.("dialog[data-open]")) found.push(root);
  for (const dialog of found) if (!dialog.open) dialog.showModal();
}

document.addEventListener("input", ({ target }) => {
  const form = target.closest?.("dialog form");
  if (form && !form.hasAttribute("data-no-guard")) touched.add(form);
});

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-open-dialog]");
  if (opener) {
    document.getElementById(opener.dataset.openDialog)?.showModal();
  } else if (event.target.closest("[data-discard]")) {
    document.getElementById("unsaved").close();
    leaving?.close();
    leaving = null;
  } else if (event.target.closest("[data-close-dialog]")) {
    leave(event.target.closest("dialog"));
  }
});

/* A press that begins and ends on the backdrop; selecting text across the edge is not one. */
document.addEventListener("pointerdown", ({ target, clientX, clientY }) => {
  if (!(target instanceof HTMLDialogElement) || target.hasAttribute("data-locked")) return;
  const box = target.getBoundingClientRect();
  const inside =
    clientX >= box.left && clientX <= box.right && clientY >= box.top && clientY <= box.bottom;
  if (!inside) target.addEventListener("click", () => leave(target), { once: true });
});

document.addEventListener(
  "cancel",
  (event) => {
    const dialog = event.target;
    if (!(dialog instanceof HTMLDialogElement)) return;
    event.preventDefault();
    if (!dialog.hasAttribute("data-locked")) leave(dialog);
  },
  true,
);

document.addEventListener(
  "close",
  ({ target }) => {
    if (!(target instanceof HTMLDialogElement)) return;
    for (const form of target.querySelectorAll("form")) touched.delete(form);
    if (target.hasAttribute("data-open")) target.remove();
  },
  true,
);

/* HX-Trigger: close-dialog, when the server did what the dialog was for. */
document.addEventListener("close-dialog", () => topmost()?.close());
document.addEventListener("htmx:load", ({ detail }) => openNew(detail.elt));
openNew(document);
