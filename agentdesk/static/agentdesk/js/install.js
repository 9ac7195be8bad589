/* The desk as an app: its service worker, which keeps the shell alone, and <install-hint>, which offers to
   install it where the browser can, or says how. Signing out leaves nothing of it behind. */
import { LiveElement } from "./live-element.js";

const SHELL = "agentdesk-shell-";
let offer = null;

async function begin() {
  const registration = await navigator.serviceWorker.register("/sw.js", { scope: "/" });
  (registration.active ?? registration.waiting)?.postMessage({ do: "fill" });
}

/* After all that the page needs: nobody waits for it. */
if ("serviceWorker" in navigator && document.querySelector("meta[name=live-address]")) {
  window.addEventListener("load", () => window.setTimeout(() => begin().catch(() => {}), 2000), { once: true });
}

async function empty() {
  const names = await window.caches?.keys();
  for (const name of names ?? []) if (name.startsWith(SHELL)) window.caches.delete(name);
}

document.addEventListener("submit", ({ target }) => {
  if (target.matches?.("[data-sign-out]")) empty().catch(() => {});
});

window.addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  offer = event;
  for (const hint of document.querySelectorAll("install-hint")) hint.sync();
});

function isInstalled() {
  return window.matchMedia("(display-mode: standalone)").matches || navigator.standalone === true;
}

class InstallHint extends LiveElement {
  begin() {
    this.on("click", ({ target }) => target.closest("[data-install]") && this.#ask());
    this.sync();
  }

  sync() {
    const state = isInstalled() ? "installed" : offer ? "offered" : "by-hand";
    for (const part of this.querySelectorAll("[data-when]")) part.hidden = part.dataset.when !== state;
  }

  async #ask() {
    await offer?.prompt();
    offer = null;
    this.sync();
  }
}

customElements.define("install-hint", InstallHint);
