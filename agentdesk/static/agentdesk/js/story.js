/* A story is shown while its provider still shows it: as a picture, else as a video, else a word
   that it is gone. Asked for only once it comes into sight, and kept nowhere. */
const seen = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    seen.unobserve(target);
    show(target, "img");
  }
});

function show(box, kind) {
  const shown = document.createElement(kind);
  shown.className = "story__picture";
  if (kind === "img") shown.alt = box.dataset.alt;
  else Object.assign(shown, { controls: true, preload: "metadata" });
  shown.addEventListener("error", () => {
    shown.remove();
    if (kind === "img") show(box, "video");
    else box.querySelector(".story__gone").hidden = false;
  });
  shown.src = box.dataset.story;
  box.prepend(shown);
}

function watch() {
  for (const box of document.querySelectorAll("[data-story]:not([data-watched])")) {
    box.dataset.watched = "true";
    seen.observe(box);
  }
}

document.addEventListener("htmx:afterSettle", watch);
watch();
