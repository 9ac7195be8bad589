/* <media-player>: what the browser cannot play says so, and is offered to be saved. */
import { LiveElement } from "./live-element.js";

class MediaPlayer extends LiveElement {
  begin() {
    const media = this.querySelector("audio, video");
    const fail = () => (this.dataset.failed = "");
    this.on("error", fail, { within: media });
    if (media.error) fail();
  }
}

customElements.define("media-player", MediaPlayer);
