/* Puts the chat on a page: the launcher, and the window it opens. */

import { Api } from "./api.js";
import { Chat } from "./chat.js";
import { fill, h, icon } from "./dom.js";
import { Panel } from "./panel.js";
import { Store } from "./store.js";

const PAGE_EVERY = 16000; // the desk notes a visitor's page at most every 15 seconds

export async function start({ origin, key, data }) {
  const language = languageOf(data.lang);
  const api = new Api(origin, key, language);
  const sheet = new URL("./chat.css", import.meta.url);
  const [config, css] = await Promise.all([
    api.get("config/"),
    fetch(sheet).then((response) => response.text()),
  ]);
  const isPreview = data.preview !== undefined;
  if (isPreview) Object.assign(config, JSON.parse(data.preview || "{}"));
  if (document.readyState === "loading") {
    await new Promise((ready) => document.addEventListener("DOMContentLoaded", ready, { once: true }));
  }
  const widget = new Widget({ api, config, css, language, key, data });
  if (isPreview || widget.store.get("open", false)) widget.open(isPreview);
  return {
    open: () => widget.open(),
    close: () => widget.close(),
    identify: (token) => widget.chat.identify(token),
  };
}

function languageOf(wanted) {
  const told = wanted || document.documentElement.lang || navigator.language || "ja";
  return told.toLowerCase().startsWith("ja") ? "ja" : "en";
}

class Widget {
  constructor({ api, config, css, language, key, data }) {
    this.words = config.words;
    this.store = new Store(key);
    this.chat = new Chat(api, this.store, data.identity);
    this.chat.words = config.words;
    this.panel = new Panel(this.chat, config, language, () => this.close());
    this.badge = h("span", { class: "badge", hidden: true });
    this.launcher = h(
      "button",
      {
        type: "button",
        class: "launcher",
        "aria-haspopup": "dialog",
        "aria-expanded": "false",
        onclick: () => (this.panel.element.hidden ? this.open() : this.close()),
      },
      icon("chat"),
      this.badge,
    );
    this.place(css, config, language);
    this.chat.addEventListener("change", () => this.draw());
    this.store.addEventListener("read", () => this.draw());
    this.draw();
    this.watchPage();
    const isKnown = this.store.get("token") || this.store.get("outbox", []).length;
    if (isKnown || data.identity) this.chat.begin();
  }

  /* In a shadow of its own: no style of the page reaches in, none of ours out. */
  place(css, config, language) {
    this.host = document.createElement("agentdesk-chat");
    const shadow = this.host.attachShadow({ mode: "open" });
    const root = h(
      "div",
      { class: "root", lang: language, "data-colour": config.colour },
      this.panel.element,
      this.launcher,
    );
    try {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(css);
      shadow.adoptedStyleSheets = [sheet];
    } catch {
      const link = new URL("./chat.css", import.meta.url);
      shadow.append(h("link", { rel: "stylesheet", href: link }));
    }
    shadow.append(root);
    document.documentElement.append(this.host);
  }

  open(isQuiet = false) {
    if (!this.panel.element.hidden) return;
    this.chat.isShown = true;
    this.store.set("open", true);
    this.launcher.setAttribute("aria-expanded", "true");
    this.host.toggleAttribute("open", true);
    this.panel.open(isQuiet);
    if (!this.chat.isReady) this.chat.begin().then(() => this.chat.acknowledge());
    else this.chat.sync();
    this.chat.acknowledge();
  }

  close() {
    this.chat.isShown = false;
    this.store.set("open", false);
    this.panel.element.hidden = true;
    this.launcher.setAttribute("aria-expanded", "false");
    this.host.toggleAttribute("open", false);
    this.draw();
    this.launcher.focus();
  }

  draw() {
    const unread = this.panel.element.hidden ? this.chat.unread.length : 0;
    this.badge.hidden = !unread;
    this.badge.textContent = unread > 99 ? "99+" : String(unread);
    const { words } = this;
    const label = unread ? fill(words.openUnread, { count: unread }) : words.open;
    this.launcher.setAttribute("aria-label", label);
    this.panel.draw();
  }

  /* Where the visitor is: told again once they stay, and when a page changes itself. */
  watchPage() {
    let told = "";
    let at = Date.now();
    setInterval(() => {
      if (told === location.href || Date.now() - at < PAGE_EVERY || document.hidden) return;
      told = location.href;
      at = Date.now();
      this.chat.tellPage();
    }, 4000);
  }
}
