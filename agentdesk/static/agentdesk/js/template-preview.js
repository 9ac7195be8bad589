/* A provider's template in the composer: what is typed into its fields shows in its text at once. */
document.addEventListener("input", ({ target }) => {
  const number = target.dataset?.fills;
  if (!number) return;
  const box = target.closest("[data-template-box]");
  for (const gap of box.querySelectorAll(`[data-gap="${CSS.escape(number)}"]`)) {
    gap.textContent = target.value.trim() || gap.dataset.empty;
  }
});

/* What was left open is what one goes on with. */
document.addEventListener("composer-refused", () => {
  const gaps = [...document.querySelectorAll("#composer-template-fields input")];
  gaps.find((gap) => gap.checkVisibility() && !gap.value.trim())?.focus();
});

document.addEventListener("composer-sent", () => {
  for (const box of document.querySelectorAll("[data-template-box]")) {
    const select = box.querySelector("select[name=template]");
    if (select) select.value = "";
    box.querySelector("#composer-template-fields")?.replaceChildren();
  }
});
