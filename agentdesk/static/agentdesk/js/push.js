/* Notifications on this device while no page is open. <push-switch> of the profile switches them; on every
   other page a browser that has them says so once to a session that is new, for they end with the session. */
import { csrfToken } from "./csrf.js";
import { LiveElement } from "./live-element.js";
import { readStored, removeStored, writeStored } from "./storage.js";

const OWNER = "agentdesk.push"; // localStorage: {user, on, off} of who has switched them on here
const REPORTED = "agentdesk.push-said"; // sessionStorage: this tab's session knows
const isOwner = ({ user, on, off }) => [user, on, off].every((value) => typeof value === "string");

const owner = () => readStored("localStorage", OWNER, null, isOwner);
const me = () => document.querySelector("meta[name=live-address]")?.dataset.user;

/* Whether the service worker says what this page would say. */
export function isPushed() {
  return Boolean(me()) && owner()?.user === me();
}

async function subscriptionHere() {
  const registration = await navigator.serviceWorker?.getRegistration("/");
  return (await registration?.pushManager?.getSubscription()) ?? null;
}

function post(address, values) {
  const headers = { "X-CSRFToken": csrfToken(), "HX-Request": "true" };
  return fetch(address, { method: "POST", headers, body: new URLSearchParams(values), keepalive: true });
}

async function report(subscription, address) {
  const { endpoint, keys } = subscription.toJSON();
  const answer = await post(address, { endpoint, p256dh: keys.p256dh, auth: keys.auth });
  if (!answer.ok) throw new Error(`not taken: ${answer.status}`);
}

async function sayAgain() {
  if (!isPushed() || readStored("sessionStorage", REPORTED, "", (value) => value === me())) return;
  const subscription = await subscriptionHere();
  if (!subscription) {
    removeStored("localStorage", OWNER); // the browser has taken it back
    return;
  }
  await report(subscription, owner().on);
  writeStored("sessionStorage", REPORTED, me());
}

async function end() {
  removeStored("localStorage", OWNER);
  removeStored("sessionStorage", REPORTED);
  await (await subscriptionHere())?.unsubscribe();
}

/* The server forgets it with the session. */
document.addEventListener("submit", ({ target }) => {
  if (target.matches?.("[data-sign-out]") && owner()) end().catch(() => {});
});

function bytesOf(key) {
  const text = window.atob(key.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

function isApple() {
  return /iPhone|iPad/.test(navigator.userAgent) || (/Mac/.test(navigator.userAgent) && navigator.maxTouchPoints > 1);
}

class PushSwitch extends LiveElement {
  begin() {
    this.box = this.querySelector("[data-push]");
    this.on("change", () => this.#turn());
    this.#sync();
  }

  get #obstacle() {
    if (!window.isSecureContext || !("serviceWorker" in navigator)) return "unable";
    if (!("PushManager" in window)) return isApple() ? "home-screen" : "unable";
    return Notification.permission === "denied" ? "denied" : "";
  }

  #say(word) {
    for (const one of this.querySelectorAll("[data-says]")) one.hidden = one.dataset.says !== word;
  }

  #sync(word = "") {
    const obstacle = this.#obstacle;
    this.box.disabled = obstacle !== "";
    this.box.checked = isPushed() && !obstacle;
    this.#say(word || obstacle || "ready");
  }

  async #turn() {
    this.box.disabled = true;
    try {
      if (isPushed()) await this.#off();
      else await this.#on();
      this.#sync();
    } catch {
      this.#sync("failed");
    }
  }

  async #on() {
    if ((await Notification.requestPermission()) !== "granted") return;
    const { key, on, off, user } = this.dataset;
    await navigator.serviceWorker.register("/sw.js", { scope: "/" });
    const registration = await navigator.serviceWorker.ready;
    const how = { userVisibleOnly: true, applicationServerKey: bytesOf(key) };
    /* One that was made with another key of ours is worth nothing. */
    await (await registration.pushManager.getSubscription())?.unsubscribe();
    await report(await registration.pushManager.subscribe(how), on);
    writeStored("localStorage", OWNER, { user, on, off });
    writeStored("sessionStorage", REPORTED, user);
  }

  async #off() {
    const subscription = await subscriptionHere();
    if (subscription) await post(this.dataset.off, { endpoint: subscription.endpoint });
    await end();
  }
}

customElements.define("push-switch", PushSwitch);
window.addEventListener("load", () => window.setTimeout(() => sayAgain().catch(() => {}), 3000), { once: true });
