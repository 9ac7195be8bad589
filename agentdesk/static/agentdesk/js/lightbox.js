/* <picture-viewer> around a dialog: pictures of the thread, large, one after the other. Arrow keys, Esc, and
   one key to save. */
import { LiveElement } from "./live-element.js";

const STEPS = { ArrowRight: 1, ArrowLeft: -1 };

function links() {
  return [...document.querySelectorAll("#thread [data-lightbox]")];
}

class PictureViewer extends LiveElement {
  #shown = [];
  #at = 0;

  begin() {
    this.dialog = this.querySelector("dialog");
    this.on("click", (event) => this.#open(event), { within: document });
    this.on("click", ({ target }) => {
      const step = target.closest("[data-lightbox-step]");
      if (step) this.#move(Number(step.dataset.lightboxStep));
    });
    this.on("keydown", (event) => {
      if (this.#shown.length < 2 || !(event.key in STEPS)) return;
      event.preventDefault();
      this.#move(STEPS[event.key]);
    });
    this.on("close", () => this.#left(), { within: this.dialog });
  }

  /* A press with a key goes the browser's own way: into another tab, or to the disk. */
  #open(event) {
    const link = event.target.closest?.("[data-lightbox]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.#shown = links();
    this.#at = this.#shown.indexOf(link);
    this.#show();
    this.dialog.showModal();
  }

  #move(step) {
    const { length } = this.#shown;
    this.#at = (this.#at + step + length) % length;
    this.#show();
  }

  #show() {
    const link = this.#shown[this.#at];
    const name = link.dataset.lightbox;
    const image = this.querySelector("img");
    image.src = link.href;
    image.alt = name;
    this.querySelector("[data-lightbox-name]").textContent = name;
    this.querySelector("[data-lightbox-count]").textContent = `${this.#at + 1} / ${this.#shown.length}`;
    const save = this.querySelector("[data-lightbox-save]");
    save.href = link.href;
    save.download = name;
    for (const step of this.querySelectorAll("[data-lightbox-step]")) step.hidden = this.#shown.length < 2;
  }

  /* A picture is let go with its dialog, and the focus is where it was. Its message may have been drawn
     anew meanwhile: the link that is there now. */
  #left() {
    const { href } = this.#shown[this.#at];
    this.querySelector("img").removeAttribute("src");
    links()
      .find((link) => link.href === href)
      ?.focus({ preventScroll: false });
  }
}

customElements.define("picture-viewer", PictureViewer);
