/* <story-picture>: a story is shown while its provider still shows it: as a picture, else as a video, else a
   word that it is gone. Asked for only once it comes into sight, and kept nowhere. */
import { LiveElement } from "./live-element.js";

class StoryPicture extends LiveElement {
  #seen = null;

  begin() {
    if (this.firstElementChild) return;
    this.#seen = new IntersectionObserver((entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      this.#seen.disconnect();
      this.#show("img");
    });
    this.#seen.observe(this.parentElement); // it has no box of its own
  }

  end() {
    this.#seen?.disconnect();
  }

  #show(kind) {
    const shown = document.createElement(kind);
    shown.className = "story__picture";
    if (kind === "img") shown.alt = this.dataset.alt;
    else Object.assign(shown, { controls: true, preload: "metadata" });
    shown.addEventListener("error", () => {
      shown.remove();
      if (kind === "img") this.#show("video");
      else this.parentElement.querySelector(".story__gone").hidden = false;
    });
    shown.src = this.dataset.story;
    this.append(shown);
  }
}

customElements.define("story-picture", StoryPicture);
