/* Pictures of the chat, drawn on a canvas: an <img> would need `blob:` in the shop's
   Content-Security-Policy, and most that have one do not allow it. */

import { h } from "./dom.js";
import { patienceOf } from "./retry.js";

// Twice the size they are shown in, for fine screens. What is larger is not held in memory.
const WIDEST = 640;
const TALLEST = 480;

export class Pictures {
  constructor(api) {
    this.api = api;
    this.drawn = new Map(); // by the key of the file: a promise of a small canvas
  }

  /* A canvas that will show the file; `onBroken` is called where it is no picture after all. */
  element(file, onBroken) {
    const canvas = h("canvas", fitted(file.width || 320, file.height || 240));
    if (!this.drawn.has(file.key)) this.drawn.set(file.key, this.draw(file.key));
    this.drawn.get(file.key).then((small) => copy(small, canvas), onBroken);
    return canvas;
  }

  async draw(key) {
    const full = await createImageBitmap(await this.load(key));
    const small = h("canvas", fitted(full.width, full.height));
    const context = small.getContext("2d");
    context.imageSmoothingQuality = "high";
    context.drawImage(full, 0, 0, small.width, small.height);
    full.close();
    return small;
  }

  async load(key) {
    for (let tries = 0; ; tries += 1) {
      try {
        return await this.api.file(key);
      } catch (error) {
        if (!error.isPassing || tries > 8) throw error;
        await new Promise((resume) => setTimeout(resume, patienceOf(tries)));
      }
    }
  }
}

function fitted(width, height) {
  const scale = Math.min(1, WIDEST / width, TALLEST / height);
  return {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
  };
}

function copy(small, canvas) {
  canvas.width = small.width;
  canvas.height = small.height;
  canvas.getContext("2d").drawImage(small, 0, 0);
}
