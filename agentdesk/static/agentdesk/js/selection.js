/* <inquiry-selection>: several rows of the list at once. X marks the row the focus is on, the one under the
   pointer (whichever moved last), or the open one; Shift J and Shift K extend; a click on the box, or with
   Shift on a row, up to there. What is marked survives the list reading itself again, but not leaving it:
   nobody changes what they cannot see. The boxes are fields of #bulk-form, whose buttons send them. */
import { emit } from "./events.js";
import { LiveElement } from "./live-element.js";

const list = () => document.getElementById("list");
const boxes = () => [...(list()?.querySelectorAll(".entry__box") ?? [])];
const keyOf = (box) => box.value.split(":")[0];
const rowOf = (box) => box.closest(".entry-row").querySelector(".entry");

class InquirySelection extends LiveElement {
  #marked = new Set();
  #anchor = "";
  #edge = "";
  #under = null; // the row under the pointer, unless a key has moved since
  #shown = null;

  begin() {
    const page = { within: document };
    this.on("click", (event) => this.#clicked(event), { within: document, capture: true });
    this.on("change", ({ target }) => target.matches(".entry__box") && this.#changed(target), page);
    this.on("pointermove", ({ target }) => this.#pointed(target), page);
    this.on("focusin", ({ target }) => target.closest?.(".entry") && (this.#under = null), page);
    this.on("htmx:afterSwap", () => this.#listChanged(), page);
    this.on("htmx:afterSettle", () => this.#listChanged(), page);
    this.#shown = list();
  }

  #pointed(target) {
    this.#under = target.closest?.(".entry-row") ?? null;
  }

  /* Another list stands there after a switch of the view: what was marked in the old one is not. */
  #listChanged() {
    if (list() !== this.#shown) this.#clear();
    this.#shown = list();
    if (!this.#marked.size) return;
    const there = new Set(boxes().map(keyOf));
    this.#marked = new Set([...this.#marked].filter((key) => there.has(key)));
    this.#show();
  }

  #show() {
    for (const box of boxes()) box.checked = this.#marked.has(keyOf(box));
    const form = this.querySelector("form");
    const count = this.#marked.size;
    form.hidden = count === 0;
    list()?.toggleAttribute("data-selecting", count > 0);
    const words = count === 1 ? this.dataset.one : this.dataset.many.replace("%(n)s", count);
    const status = this.querySelector("[role=status]");
    const text = count ? words : "";
    if (status.textContent !== text) status.textContent = text;
    if (!count) this.#anchor = this.#edge = "";
  }

  #clear() {
    this.#marked.clear();
    this.#show();
  }

  #clicked(event) {
    const { target } = event;
    if (!(target instanceof Element)) return;
    const row = target.closest(".entry-row");
    if (row && event.shiftKey && this.#anchor) this.#upTo(event, row);
    else if (target.closest("[data-select-all]")) this.#all();
    else if (target.closest("[data-select-none]")) this.#clear();
    else if (target.closest("[data-dismiss]")) target.closest(".selection__refused")?.remove();
    else if (target.closest("[data-select]")) this.#key(target.closest("[data-select]").dataset.select);
  }

  #upTo(event, row) {
    event.preventDefault();
    event.stopPropagation();
    const keys = boxes().map(keyOf);
    const to = keyOf(row.querySelector(".entry__box"));
    const [first, last] = [keys.indexOf(this.#anchor), keys.indexOf(to)].sort((a, b) => a - b);
    if (first < 0) return;
    for (const key of keys.slice(first, last + 1)) this.#marked.add(key);
    this.#edge = to;
    // The click that was held back gives the box its old state again afterwards.
    window.setTimeout(() => this.#show());
  }

  #changed(box) {
    this.#mark(keyOf(box), box.checked);
    this.#anchor = this.#edge = keyOf(box);
    this.#show();
  }

  #mark(key, isMarked) {
    if (isMarked) this.#marked.add(key);
    else this.#marked.delete(key);
  }

  #all() {
    for (const box of boxes()) this.#marked.add(keyOf(box));
    this.#show();
  }

  #key(what) {
    if (what === "toggle") this.#toggle();
    else this.#extend(Number(what));
  }

  get #current() {
    const focused = document.activeElement?.closest?.(".entry-row");
    const { conversation } = document.getElementById("workspace")?.dataset ?? {};
    const opened = list()?.querySelector(`.entry[data-conversation="${conversation}"]`);
    const under = this.#under?.isConnected ? this.#under : null;
    const row = under ?? focused ?? opened?.closest(".entry-row");
    return row?.querySelector(".entry__box") ?? boxes()[0];
  }

  #toggle() {
    const box = this.#current;
    if (!box) return;
    box.checked = !this.#marked.has(keyOf(box));
    this.#changed(box);
  }

  /* Away from where it began one more is marked, back towards it one fewer. */
  #extend(step) {
    const all = boxes();
    const keys = all.map(keyOf);
    if (!keys.includes(this.#edge)) this.#beginAt(this.#current);
    const at = keys.indexOf(this.#edge);
    const next = at + step;
    if (at < 0 || next < 0 || next >= keys.length) return;
    const start = keys.indexOf(this.#anchor);
    const isBack = Math.abs(next - start) < Math.abs(at - start);
    if (isBack) this.#mark(keys[at], false);
    else this.#mark(keys[next], true);
    this.#edge = keys[next];
    this.#show();
    this.#under = null;
    const row = rowOf(all[next]);
    row.scrollIntoView({ block: "nearest" });
    row.focus({ preventScroll: true });
  }

  #beginAt(box) {
    if (!box) return;
    this.#anchor = this.#edge = keyOf(box);
    this.#mark(this.#anchor, true);
    this.#show();
  }

  /* What was done is done with; what was refused stays marked, to be tried another way. */
  done(changed) {
    for (const key of changed) this.#marked.delete(key);
    this.#show();
  }
}

/* <bulk-outcome>: what became of them, as the server says it. */
class BulkOutcome extends LiveElement {
  begin() {
    const { words, undo, undoUrl, undoLabel } = this.dataset;
    this.closest("inquiry-selection")?.done(this.dataset.changed.split(" "));
    const action = undo ? { label: undoLabel, post: undoUrl, values: { token: undo }, key: "u" } : null;
    if (words) emit("toast", { text: words, tone: "success", action });
    this.remove();
  }
}

customElements.define("inquiry-selection", InquirySelection);
customElements.define("bulk-outcome", BulkOutcome);
