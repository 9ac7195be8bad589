// Lists that are ordered by dragging a row at its grip; the buttons beside do the same by keyboard.
let dragged = null;

const rowAt = (event) => event.target.closest?.("[data-sortable] [data-row]");

/* Rows of [data-crosses] may leave their list for another one in it. */
const listOf = (row) => row.closest("[data-crosses]") ?? row.parentElement;

function isAfter(row, event) {
  const box = row.getBoundingClientRect();
  return event.clientY > box.top + box.height / 2;
}

function unmark() {
  for (const row of document.querySelectorAll("[data-drop]")) delete row.dataset.drop;
}

document.addEventListener("dragstart", (event) => {
  if (!event.target.closest?.("[data-grip]")) return;
  dragged = rowAt(event);
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", dragged.dataset.row);
  event.dataTransfer.setDragImage(dragged, 0, 0);
  dragged.dataset.dragged = "";
});

document.addEventListener("dragover", (event) => {
  const row = dragged && rowAt(event);
  if (!row || listOf(row) !== listOf(dragged)) return;
  event.preventDefault();
  unmark();
  if (row !== dragged) row.dataset.drop = isAfter(row, event) ? "after" : "before";
});

document.addEventListener("drop", (event) => {
  const row = dragged && rowAt(event);
  if (!row || row === dragged || listOf(row) !== listOf(dragged)) return;
  event.preventDefault();
  const values = { [isAfter(row, event) ? "after" : "before"]: row.dataset.row };
  const region = row.closest("section");
  window.htmx.ajax("POST", dragged.dataset.move, {
    source: region,
    target: region,
    swap: "outerHTML",
    values,
  });
});

document.addEventListener("dragend", () => {
  unmark();
  if (dragged) delete dragged.dataset.dragged;
  dragged = null;
});
