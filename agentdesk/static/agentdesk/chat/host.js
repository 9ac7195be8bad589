/* The element that carries the chat: in a shadow of its own, so that no style of the page reaches in
   and none of ours out. A page that replaces itself (Turbo, htmx, a single-page app) may take it
   away; then it is put back, as it was. */

import { h } from "./dom.js";

const SETTLE = 60; // milliseconds in which a page finishes replacing itself

export class Host {
  constructor(root, css, thread) {
    this.thread = thread;
    this.element = document.createElement("agentdesk-chat");
    const shadow = this.element.attachShadow({ mode: "open" });
    try {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(css);
      shadow.adoptedStyleSheets = [sheet];
    } catch {
      const link = new URL("../chat/chat.css", import.meta.url);
      shadow.append(h("link", { rel: "stylesheet", href: link }));
    }
    shadow.append(root);
    shadow.addEventListener("focusin", ({ target }) => {
      this.focused = target;
    });
    // Being taken away comes with the same event as moving on to the page.
    shadow.addEventListener("focusout", () => {
      setTimeout(() => {
        if (this.element.isConnected && !shadow.activeElement) this.focused = null;
      });
    });
    this.watch = new MutationObserver(() => this.putBack());
    this.put();
  }

  put() {
    for (const copy of document.querySelectorAll("agentdesk-chat")) {
      if (!copy.shadowRoot) copy.remove(); // of a page that was cloned
    }
    document.documentElement.append(this.element);
    this.watch.disconnect();
    this.watch.observe(document, { childList: true });
    this.watch.observe(document.documentElement, { childList: true });
  }

  putBack() {
    if (this.element.isConnected || this.timer) return;
    this.timer = setTimeout(() => {
      this.timer = null;
      if (this.element.isConnected || !document.documentElement) return;
      this.put();
      this.thread.restore();
      if (document.activeElement === document.body) this.focused?.focus();
    }, SETTLE);
  }
}
