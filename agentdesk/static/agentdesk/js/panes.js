/* The panes of the desk, and <pane-resizer> between them: drag it or use the arrow keys on it, fold a pane by
   its button, a double click or Enter. Remembered in this browser; boot.js applies it before the first paint. */
import { LiveElement } from "./live-element.js";
import { readStored, writeStored } from "./storage.js";

const KEY = "agentdesk.panes";
const STEP = 16;
const CENTRE = 360;
const root = document.documentElement;

function read() {
  return readStored("localStorage", KEY, { width: {}, folded: [] }, isPanes);
}

function write(change) {
  writeStored("localStorage", KEY, { width: {}, folded: [], ...read(), ...change });
}

function isPanes({ width = {}, folded = [] }) {
  return typeof width === "object" && width !== null && Array.isArray(folded);
}

function paneOf(resizer) {
  return document.getElementById(resizer.getAttribute("aria-controls"));
}

function limits(resizer) {
  const most = Number(resizer.getAttribute("aria-valuemax"));
  const others = [...document.querySelectorAll(".resizer")]
    .filter((other) => other !== resizer)
    .reduce((sum, other) => sum + (paneOf(other)?.offsetWidth ?? 0), 0);
  const room = (resizer.parentElement?.clientWidth ?? 0) - others - CENTRE;
  return [Number(resizer.getAttribute("aria-valuemin")), Math.max(220, Math.min(most, room))];
}

function resize(resizer, width) {
  const [least, most] = limits(resizer);
  const value = Math.round(Math.min(most, Math.max(least, width)));
  root.style.setProperty(`--pane-${resizer.dataset.pane}`, `${value}px`);
  resizer.setAttribute("aria-valuenow", String(value));
  return value;
}

function remember(resizer, width) {
  write({ width: { ...read().width, [resizer.dataset.pane]: width } });
}

function folded() {
  return new Set((root.dataset.folded ?? "").split(" ").filter(Boolean));
}

function fold(pane) {
  const panes = folded();
  if (!panes.delete(pane)) panes.add(pane);
  const ordered = ["list", "customer"].filter((name) => panes.has(name));
  if (ordered.length) root.dataset.folded = ordered.join(" ");
  else delete root.dataset.folded;
  write({ folded: ordered });
  sync(document);
}

function sync(scope) {
  const closed = folded();
  for (const button of scope.querySelectorAll?.("[data-fold]") ?? []) {
    button.setAttribute("aria-expanded", String(!closed.has(button.dataset.fold)));
  }
  /* Measuring it would lay out the whole page, at each conversation that is opened. */
  for (const resizer of scope.querySelectorAll?.(".resizer") ?? []) {
    const width = parseInt(root.style.getPropertyValue(`--pane-${resizer.dataset.pane}`), 10);
    if (width) resizer.setAttribute("aria-valuenow", String(width));
  }
}

class PaneResizer extends LiveElement {
  begin() {
    this.on("pointerdown", (event) => this.#drag(event));
    this.on("keydown", (event) => this.#key(event));
    this.on("dblclick", () => fold(this.dataset.pane));
  }

  get #sign() {
    return this.dataset.side === "end" ? -1 : 1;
  }

  #drag(event) {
    if (event.button !== 0) return;
    event.preventDefault();
    const start = paneOf(this).offsetWidth;
    let width = start;
    const move = ({ clientX }) => {
      width = resize(this, start + this.#sign * (clientX - event.clientX));
    };
    const stop = () => {
      delete this.dataset.dragging;
      this.removeEventListener("pointermove", move);
      remember(this, width);
    };
    this.dataset.dragging = "";
    this.setPointerCapture(event.pointerId);
    this.addEventListener("pointermove", move);
    this.addEventListener("lostpointercapture", stop, { once: true });
  }

  #key(event) {
    const width = paneOf(this).offsetWidth;
    const [least, most] = limits(this);
    const step = this.#sign * STEP;
    const target = {
      ArrowRight: width + step,
      ArrowLeft: width - step,
      Home: least,
      End: most,
    }[event.key];
    if (event.key === "Enter") fold(this.dataset.pane);
    else if (target === undefined) return;
    else remember(this, resize(this, target));
    event.preventDefault();
  }
}

customElements.define("pane-resizer", PaneResizer);

document.addEventListener("click", ({ target }) => {
  const button = target.closest?.("[data-fold]");
  if (button) fold(button.dataset.fold);
});

document.addEventListener("htmx:load", ({ detail }) => sync(detail.elt));
sync(document);
