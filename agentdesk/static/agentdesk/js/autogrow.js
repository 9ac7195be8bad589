/* Text areas that grow with their text, for browsers without `field-sizing: content`. One that is not
   shown has no height to measure: it is measured when it appears, and when its width changes. */
const widths = new WeakMap();

function grow(area) {
  if (!area.offsetWidth) return;
  area.style.height = "auto";
  area.style.height = `${area.scrollHeight + area.offsetHeight - area.clientHeight}px`;
}

function begin() {
  const observer = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      if (widths.get(target) === target.offsetWidth) continue;
      widths.set(target, target.offsetWidth);
      grow(target);
    }
  });
  const watchAll = (root) => {
    for (const area of root.querySelectorAll?.("textarea[data-autogrow]") ?? []) {
      observer.observe(area);
      grow(area);
    }
  };
  document.addEventListener("input", ({ target }) => {
    if (target.matches?.("textarea[data-autogrow]")) grow(target);
  });
  document.addEventListener("htmx:load", ({ detail }) => watchAll(detail.elt));
  watchAll(document);
}

if (!CSS.supports("field-sizing", "content")) begin();
