/* Pictures of the thread, large, one after the other: arrow keys, Esc, and one key to save. */
let shown = [];
let at = 0;

const box = () => document.getElementById("lightbox");

function show(index) {
  at = (index + shown.length) % shown.length;
  const link = shown[at];
  const image = box().querySelector("img");
  image.src = link.href;
  image.alt = link.dataset.lightbox;
  box().querySelector("[data-lightbox-name]").textContent = link.dataset.lightbox;
  box().querySelector("[data-lightbox-count]").textContent = `${at + 1} / ${shown.length}`;
  const save = box().querySelector("[data-lightbox-save]");
  save.href = link.href;
  save.download = link.dataset.lightbox;
  for (const step of box().querySelectorAll("[data-lightbox-step]")) {
    step.hidden = shown.length < 2;
  }
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-lightbox]");
  if (link && box() && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    shown = [...document.querySelectorAll("#thread [data-lightbox]")];
    show(shown.indexOf(link));
    box().showModal();
    return;
  }
  const step = event.target.closest?.("[data-lightbox-step]");
  if (step) show(at + Number(step.dataset.lightboxStep));
});

document.addEventListener("keydown", (event) => {
  if (!box()?.open || shown.length < 2) return;
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  show(at + step);
});

/* Its message may have been drawn anew meanwhile: the link that is there now. */
function linkNow() {
  const links = [...document.querySelectorAll("#thread [data-lightbox]")];
  return links.find((link) => link.href === shown[at]?.href);
}

/* A picture is let go with its dialog, and the focus is where it was. */
document.addEventListener(
  "close",
  ({ target }) => {
    if (target.id !== "lightbox") return;
    target.querySelector("img").removeAttribute("src");
    linkNow()?.focus({ preventScroll: false });
  },
  true,
);
