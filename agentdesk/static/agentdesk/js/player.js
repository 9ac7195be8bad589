/* What the browser cannot play says so, and is offered to be saved. */
const MEDIA = ".player > :is(audio, video)";

function look(scope) {
  for (const media of scope.querySelectorAll?.(MEDIA) ?? []) {
    if (media.error) media.parentElement.dataset.failed = "";
  }
}

/* `error` does not bubble, so it is caught on its way down. */
document.addEventListener(
  "error",
  ({ target }) => {
    if (target instanceof Element && target.matches(MEDIA)) target.parentElement.dataset.failed = "";
  },
  true,
);
document.addEventListener("htmx:load", ({ detail }) => look(detail.elt));
look(document);
