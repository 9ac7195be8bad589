/* Short news, bottom left. From the server: HX-Trigger: {"toast": {"title": …, "tone": "success"}};
   from a module: a `toast` event with {title, text, tone, action: {label, run | href | post and values,
   key}}. Of two whose key is the same only the newer has it.
   Errors stay until they are closed. */
const STAY = 5000;
const MOST = 4;

const region = () => document.getElementById("toasts");

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

/* The same news twice in a row is one toast. */
function isRepeated(title, text) {
  const last = [...region().querySelectorAll("[data-toast]")].at(-1);
  return (
    last?.querySelector(".toast__title").textContent === title &&
    last.querySelector(".toast__text").textContent === text
  );
}

function show({ title = "", text = "", tone = "neutral", action = null, value } = {}) {
  const heading = title || value || "";
  const template = document.getElementById("toast-template");
  if (!template || !region() || !(heading || text) || isRepeated(heading, text)) return;
  const toast = template.content.firstElementChild.cloneNode(true);
  toast.dataset.tone = tone;
  toast.querySelector(".toast__title").textContent = heading;
  toast.querySelector(".toast__text").textContent = text;
  if (action?.key) {
    for (const older of region().querySelectorAll(`[data-shortcut="${action.key}"]`)) {
      delete older.dataset.shortcut;
      older.querySelector("kbd")?.remove();
    }
  }
  if (action) withAction(toast, action);
  region().append(toast);
  expire(toast);
  [...region().querySelectorAll("[data-toast]")].slice(0, -MOST).forEach(close);
}

document.addEventListener("toast", ({ detail }) => {
  for (const news of Array.isArray(detail) ? detail : [detail]) {
    show(typeof news === "string" ? { title: news } : news);
  }
});

document.addEventListener("click", ({ target }) => {
  const toast = target.closest("[data-toast-close]")?.closest("[data-toast]");
  if (toast) close(toast);
});

region()?.querySelectorAll("[data-toast]").forEach(expire);
