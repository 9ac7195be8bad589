/* What our custom elements have in common: `begin` when one comes onto the page, and listening that ends
   when it goes. Swaps by htmx need nothing else to be begun or cleaned up. */
export class LiveElement extends HTMLElement {
  #leaving = null;

  connectedCallback() {
    this.#leaving = new AbortController();
    this.begin();
  }

  disconnectedCallback() {
    this.#leaving.abort();
    this.end();
  }

  begin() {}

  end() {}

  on(name, listener, { within = this, capture = false } = {}) {
    within.addEventListener(name, listener, { capture, signal: this.#leaving.signal });
  }
}
