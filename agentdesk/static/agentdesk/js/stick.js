/* A scrolling thread [data-stick] stays at its end while one reads the end; further up nothing moves
   and the [data-jump] button of the same pane says that something came. */
const NEAR = 48;
const followed = new WeakMap();

function isAtEnd(box) {
  return box.scrollHeight - box.scrollTop - box.clientHeight < NEAR;
}

function jumpOf(box) {
  return box.parentElement?.querySelector("[data-jump]");
}

function toEnd(box) {
  box.scrollTop = box.scrollHeight;
  const jump = jumpOf(box);
  if (jump) jump.hidden = true;
}

/* Another message at the end; the same one, read again, is none. */
function isNews(state, box) {
  const last = box.querySelector(".thread")?.lastElementChild ?? null;
  const isOther = last !== state.last && (!last?.id || last.id !== state.last?.id);
  state.last = last;
  return isOther;
}

function follow(box) {
  if (followed.has(box)) return;
  const state = { atEnd: true, last: null, top: 0 };
  isNews(state, box);
  followed.set(box, state);
  box.addEventListener(
    "scroll",
    () => {
      /* Only who scrolls up has left the end: a field that grows meanwhile has not. */
      if (isAtEnd(box) || box.scrollTop < state.top - 1) state.atEnd = isAtEnd(box);
      state.top = box.scrollTop;
      if (state.atEnd && jumpOf(box)) jumpOf(box).hidden = true;
    },
    { passive: true },
  );
  new ResizeObserver(() => {
    if (state.atEnd) toEnd(box);
  }).observe(box);
  new MutationObserver(() => {
    const hasNews = isNews(state, box);
    if (state.atEnd) toEnd(box);
    else if (hasNews && jumpOf(box)) jumpOf(box).hidden = false;
  }).observe(box, { childList: true, subtree: true });
  toEnd(box);
}

function followAll(scope) {
  if (scope.matches?.("[data-stick]")) follow(scope);
  for (const box of scope.querySelectorAll?.("[data-stick]") ?? []) follow(box);
}

document.addEventListener("click", ({ target }) => {
  const jump = target.closest?.("[data-jump]");
  const box = jump?.closest(".pane")?.querySelector("[data-stick]");
  if (box) toEnd(box);
});

/* One's own words are always seen. */
document.addEventListener("composer-sent", () => {
  for (const box of document.querySelectorAll("[data-stick]")) {
    if (followed.has(box)) followed.get(box).atEnd = true;
    toEnd(box);
  }
});

document.addEventListener("htmx:load", ({ detail }) => followAll(detail.elt));
followAll(document);
