/* Puts the chat on a page: the launcher, and the window it opens. */

import { Api } from "./api.js";
import { Chat } from "./chat.js";
import css from "./chat.css";
import { fill, h, icon } from "./dom.js";
import { Host } from "./host.js";
import { Panel } from "./panel.js";
import { patienceOf } from "./retry.js";
import { Store } from "./store.js";
import { followVisibleArea } from "./viewport.js";

const PAGE_EVERY = 16000; // the desk notes a visitor's page at most every 15 seconds

/* `onWait` gets the reason whenever the desk cannot be reached and will be tried again. */
export async function start({ origin, key, data, onWait }) {
  const language = languageOf(data.lang);
  const api = new Api(origin, key, language);
  const config = await loaded(api, onWait);
  const isPreview = data.preview !== undefined;
  if (isPreview) Object.assign(config, JSON.parse(data.preview || "{}"));
  if (document.readyState === "loading") {
    await new Promise((ready) => document.addEventListener("DOMContentLoaded", ready, { once: true }));
  }
  const widget = new Widget({ api, config, language, key, data });
  if (isPreview || widget.store.get("open", false)) widget.open(isPreview);
  return {
    open: () => widget.open(),
    close: () => widget.close(),
    identify: (token) => widget.chat.identify(token),
  };
}

/* How the chat looks and speaks. A desk that is away for a moment leaves no page without a chat. */
async function loaded(api, onWait) {
  for (let tries = 0; ; tries += 1) {
    try {
      return await api.get("config/");
    } catch (error) {
      if (!error.isPassing) throw error;
      if (!tries) onWait?.(error);
      await pause(Math.max(1000 * (error.retryAfter || 0), patienceOf(tries)));
    }
  }
}

/* Shorter where the connection comes back meanwhile. */
function pause(wait) {
  return new Promise((resume) => {
    setTimeout(resume, wait);
    window.addEventListener("online", resume, { once: true });
  });
}

function languageOf(wanted) {
  const told = wanted || document.documentElement.lang || navigator.language || "ja";
  return told.toLowerCase().startsWith("ja") ? "ja" : "en";
}

class Widget {
  constructor({ api, config, language, key, data }) {
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
    this.root = h(
      "div",
      { class: "root", lang: language, "data-colour": config.colour },
      this.panel.element,
      this.launcher,
    );
    this.host = new Host(this.root, css, this.panel.thread);
    followVisibleArea(this.root);
    this.chat.addEventListener("change", () => this.draw());
    this.store.addEventListener("read", () => this.draw());
    this.draw();
    this.watchPage();
    const isKnown = this.chat.storedToken() || this.chat.outbox.texts.length;
    if (isKnown || data.identity) this.chat.begin();
  }

  open(isQuiet = false) {
    if (!this.panel.element.hidden) return;
    this.chat.isShown = true;
    this.store.set("open", true);
    this.launcher.setAttribute("aria-expanded", "true");
    this.host.element.toggleAttribute("open", true);
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
    this.host.element.toggleAttribute("open", false);
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

  /* Where the visitor is: once they stay, and when a page changes itself. */
  watchPage() {
    let address = location.href;
    let since = Date.now();
    setInterval(() => {
      if (address !== location.href) {
        address = location.href;
        since = Date.now();
      }
      if (Date.now() - since > PAGE_EVERY && !document.hidden) this.chat.notePage();
    }, 4000);
  }
}
