/* Text areas that grow with their text, for browsers without `field-sizing: content`. */
function grow(area) {
  area.style.height = "auto";
  area.style.height = `${area.scrollHeight + area.offsetHeight - area.clientHeight}px`;
}

function growAll(root) {
  for (const area of root.querySelectorAll?.("textarea[data-autogrow]") ?? []) grow(area);
}

if (!CSS.supports("field-sizing", "content")) {
  document.addEventListener("input", ({ target }) => {
    if (target.matches?.("textarea[data-autogrow]")) grow(target);
  });
  document.addEventListener("htmx:load", ({ detail }) => growAll(detail.elt));
  growAll(document);
}
