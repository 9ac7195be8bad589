/* <sortable-rows>: rows are ordered by dragging one at its grip; the buttons beside do the same by keyboard.
   With [data-crosses] a row may leave its list for another one in here. */
import { LiveElement } from "../live-element.js";

function isAfter(row, event) {
  const box = row.getBoundingClientRect();
  return event.clientY > box.top + box.height / 2;
}

class SortableRows extends LiveElement {
  #dragged = null;

  begin() {
    this.on("dragstart", (event) => this.#start(event));
    this.on("dragover", (event) => this.#over(event));
    this.on("drop", (event) => this.#drop(event));
    this.on("dragend", () => this.#end());
  }

  #row({ target }) {
    return target.closest("[data-row]");
  }

  #mayTake(row) {
    if (!this.#dragged || !row) return false;
    return "crosses" in this.dataset || row.parentElement === this.#dragged.parentElement;
  }

  #unmark() {
    for (const row of this.querySelectorAll("[data-drop]")) delete row.dataset.drop;
  }

  #start(event) {
    if (!event.target.closest("[data-grip]")) return;
    this.#dragged = this.#row(event);
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", this.#dragged.dataset.row);
    event.dataTransfer.setDragImage(this.#dragged, 0, 0);
    this.#dragged.dataset.dragged = "";
  }

  #over(event) {
    const row = this.#row(event);
    if (!this.#mayTake(row)) return;
    event.preventDefault();
    this.#unmark();
    if (row !== this.#dragged) row.dataset.drop = isAfter(row, event) ? "after" : "before";
  }

  #drop(event) {
    const row = this.#row(event);
    if (row === this.#dragged || !this.#mayTake(row)) return;
    event.preventDefault();
    const values = { [isAfter(row, event) ? "after" : "before"]: row.dataset.row };
    const region = row.closest("section");
    const how = { source: region, target: region, swap: "outerHTML", values };
    window.htmx.ajax("POST", this.#dragged.dataset.move, how);
  }

  #end() {
    this.#unmark();
    if (this.#dragged) delete this.#dragged.dataset.dragged;
    this.#dragged = null;
  }
}

customElements.define("sortable-rows", SortableRows);
