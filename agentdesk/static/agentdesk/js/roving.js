/* [data-roving="#pane-list"][data-step="1"] opens the next link of a list, "-1" the one before:
   the buttons behind J and K. Inside the list the arrow keys move the focus. */
function entriesOf(list) {
  return [...list.querySelectorAll("[data-roving-item]")].filter((item) => item.checkVisibility());
}

function neighbour(list, step) {
  const items = entriesOf(list);
  const current = items.findIndex(
    (item) => item.matches("[aria-current]") || item === document.activeElement,
  );
  if (current < 0) return step > 0 ? items[0] : items.at(-1);
  return items[current + step];
}

document.addEventListener("click", ({ target }) => {
  const button = target.closest?.("[data-roving]");
  const list = button && document.querySelector(button.dataset.roving);
  const item = list && neighbour(list, Number(button.dataset.step));
  if (!item) return;
  item.scrollIntoView({ block: "nearest" });
  item.click();
});

document.addEventListener("keydown", (event) => {
  const item = event.target.closest?.("[data-roving-item]");
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!item || !step || event.isComposing) return;
  const items = entriesOf(item.parentElement.closest(".pane, [data-roving-list]") ?? document);
  const target = items[items.indexOf(item) + step];
  if (!target) return;
  event.preventDefault();
  target.focus();
});
