/* <toast-list>: short news, at the foot of the open conversation or bottom left. From the server:
   HX-Trigger: {"toast": {"title": …, "tone": "success"}}; from a module: a `toast` event with {title, text,
   tone, action: {label, run | href | post and values, key}}. Of two with the same key the newer has it.
   Errors stay until they are closed. */
import { LiveElement } from "./live-element.js";

const STAY = 5000;
const MOST = 4;

function close(toast) {
  toast.remove();
}

function expire(toast) {
  if (toast.dataset.tone === "danger") return;
  let timer = window.setTimeout(close, STAY, toast);
  const pause = () => window.clearTimeout(timer);
  const resume = () => {
    pause();
    timer = window.setTimeout(close, STAY, toast);
  };
  toast.addEventListener("pointerenter", pause);
  toast.addEventListener("focusin", pause);
  toast.addEventListener("pointerleave", resume);
  toast.addEventListener("focusout", resume);
}

function keyCap(key) {
  const cap = document.createElement("kbd");
  cap.className = "kbd";
  cap.textContent = key.toUpperCase();
  return cap;
}

function withAction(toast, action) {
  const button = toast.querySelector("[data-toast-action]");
  button.hidden = false;
  button.textContent = action.label;
  if (action.key) {
    button.dataset.shortcut = action.key;
    button.append(" ", keyCap(action.key));
  }
  button.addEventListener("click", () => {
    close(toast);
    if (action.href) window.location.assign(action.href);
    else if (action.post) window.htmx.ajax("POST", action.post, { values: action.values, swap: "none" });
    else action.run?.();
  });
}

class ToastList extends LiveElement {
  begin() {
    this.on("toast", ({ detail }) => this.#add(detail), { within: document });
    this.on("click", ({ target }) => target.closest("[data-toast-close]")?.closest("[data-toast]").remove());
    this.#toasts.forEach(expire);
  }

  get #toasts() {
    return [...this.querySelectorAll("[data-toast]")];
  }

  #add(detail) {
    for (const news of Array.isArray(detail) ? detail : [detail]) {
      this.#show(typeof news === "string" ? { title: news } : news);
    }
  }

  /* The same news twice in a row is one toast. */
  #isRepeated(title, text) {
    const last = this.#toasts.at(-1);
    return (
      last?.querySelector(".toast__title").textContent === title &&
      last.querySelector(".toast__text").textContent === text
    );
  }

  #releaseKey(key) {
    for (const older of this.querySelectorAll(`[data-shortcut="${key}"]`)) {
      delete older.dataset.shortcut;
      older.querySelector("kbd")?.remove();
    }
  }

  #show({ title = "", text = "", tone = "neutral", action = null, value } = {}) {
    const heading = title || value || "";
    if (!(heading || text) || (!action && this.#isRepeated(heading, text))) return;
    const template = document.getElementById("toast-template");
    const toast = template.content.firstElementChild.cloneNode(true);
    toast.dataset.tone = tone;
    toast.querySelector(".toast__title").textContent = heading;
    toast.querySelector(".toast__text").textContent = text;
    if (action?.key) this.#releaseKey(action.key);
    if (action) withAction(toast, action);
    this.append(toast);
    expire(toast);
    this.#toasts.slice(0, -MOST).forEach(close);
  }
}

customElements.define("toast-list", ToastList);
