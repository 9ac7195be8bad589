/* <call-strip>: the running call and what rings. The head of the strip and the rings read themselves again
   when told to; the notes never do: they are fetched once for a call, and shown or taken away here.
   [data-docked]: the strip has a place of its own in the page. A call that begins by itself lies over the
   page instead, for nothing moves under somebody's hand; it gets its place with what is shown next. */
import { callNotes } from "./call-notes.js";
import { emit } from "./events.js";
import { LiveElement } from "./live-element.js";
import { isList, readStored, writeStored } from "./storage.js";

const SEEN = "agentdesk-rings-told";
const IGNORED = "agentdesk-rings-ignored";
const ENTERED = "agentdesk-call-entered";

function remembered(place, key) {
  return readStored(place, key, [], isList);
}

function remember(place, key, id) {
  writeStored(place, key, [...remembered(place, key), id].slice(-50));
}

class CallStrip extends LiveElement {
  #fetching = "";
  #stateBefore = "";

  begin() {
    callNotes(this);
    this.on("click", ({ target }) => {
      const button = target.closest("[data-ignore-ring]");
      if (!button) return;
      remember("localStorage", IGNORED, button.dataset.ignoreRing);
      this.#showRings();
    });
    const sync = () => this.#sync();
    const dock = ({ detail }) => detail.target?.id === "workspace" && this.#dock();
    this.on("htmx:beforeSwap", dock, { within: document });
    this.on("storage", ({ key }) => key === IGNORED && this.#showRings(), { within: window });
    this.on("htmx:afterSwap", sync, { within: document });
    this.on("htmx:afterSettle", sync, { within: document });
    this.#sync();
    this.#dock();
    this.#enterNew();
  }

  #dock() {
    this.toggleAttribute("data-docked", Boolean(document.getElementById("call-head")?.dataset.call));
  }

  #showRings() {
    const ignored = remembered("localStorage", IGNORED);
    for (const ring of document.querySelectorAll("[data-ring]")) {
      const id = ring.dataset.ring;
      ring.hidden = ignored.includes(id);
      if (ring.hidden || remembered("sessionStorage", SEEN).includes(id)) continue;
      remember("sessionStorage", SEEN, id);
      const { title, body } = ring.dataset;
      emit("notify", { title, body, sound: "ring", tag: `ring-${id}` });
    }
  }

  #loadNotes(head, call) {
    if (this.#fetching === call) return;
    this.#fetching = call;
    window.htmx
      .ajax("GET", head.dataset.notesUrl, { target: "#call-notes-slot", swap: "innerHTML" })
      .finally(() => {
        this.#fetching = "";
      });
  }

  #showWrapUp(state) {
    const wrapUp = document.getElementById("call-wrap-up");
    if (!wrapUp) return;
    wrapUp.hidden = state !== "wrap_up";
    const strip = document.getElementById("call-strip");
    const isElsewhere = document.activeElement?.matches("input, textarea, select, dialog *");
    const isFree = !isElsewhere || strip.contains(document.activeElement);
    if (!wrapUp.hidden && this.#stateBefore && this.#stateBefore !== "wrap_up" && isFree) {
      const text = document.querySelector("#call-notes [data-line]");
      if (!text.value.trim()) text.focus();
      else wrapUp.querySelector("input[type=radio]")?.focus();
    }
  }

  /* A page that comes with a call this tab has not seen yet was opened for that call: write at once. */
  #enterNew() {
    const { call = "", state } = document.getElementById("call-head")?.dataset ?? {};
    if (!call || remembered("sessionStorage", ENTERED).includes(call)) return;
    remember("sessionStorage", ENTERED, call);
    const text = document.querySelector("#call-notes [data-line]");
    if (!text || state === "wrap_up" || document.activeElement !== document.body) return;
    text.focus();
    text.setSelectionRange(text.value.length, text.value.length);
  }

  #sync() {
    this.#showRings();
    const head = document.getElementById("call-head");
    if (!head) return;
    const notes = document.getElementById("call-notes");
    const { call = "", state = "" } = head.dataset;
    if (!call) this.#dock();
    if (notes && notes.dataset.call !== call) {
      if (emit("call-left", { call }, { from: notes, cancelable: true })) notes.remove();
    }
    const left = document.getElementById("call-notes");
    if (call && left?.dataset.call !== call && !left?.hasAttribute("aria-busy")) this.#loadNotes(head, call);
    this.#showWrapUp(state);
    this.#stateBefore = state;
  }
}

customElements.define("call-strip", CallStrip);
