/* Files of the composer: chosen, dropped or pasted, looked at, sent up at once with a progress bar, and
   attached to the reply by their key. What the reply's channel cannot carry is said at the file, before
   it is sent up or when the channel is changed, and stops the reply until it is taken out. */
import { hasWords } from "./clipboard.js";
import { csrfToken } from "./csrf.js";
import { begun, changed } from "./draft.js";
import { writingPlace } from "./writing.js";

const form = () => document.getElementById("composer");
const via = () => document.getElementById("composer-via");
const chips = () => [...document.querySelectorAll("#composer-files > .upload")];

function limits() {
  return { bytes: Infinity, kinds: [], carries: true, ...JSON.parse(via()?.dataset.media || "{}") };
}

function size(bytes) {
  const unit = bytes >= 1048576 ? "megabyte" : "kilobyte";
  const number = bytes / (unit === "megabyte" ? 1048576 : 1024);
  const style = { style: "unit", unit, maximumFractionDigits: 1 };
  return new Intl.NumberFormat(document.documentElement.lang, style).format(number);
}

function say(name, values = {}) {
  const all = { channel: via()?.dataset.name ?? "", ...values };
  return Object.entries(all).reduce(
    (words, [key, value]) => words.replace(`{${key}}`, value),
    form().dataset[name] ?? "",
  );
}

/* Why the channel will not carry it, or nothing. The type is unknown where the browser does not know. */
function refusal({ type, bytes }, place) {
  const { carries, kinds, count, bytes: most } = limits();
  if (!carries) return say("refusedNone");
  if (bytes > most) return say("refusedLimit", { limit: size(most) });
  if (count && place >= count) return say("refusedCount", { n: count });
  const fitting = kinds.filter((kind) => kind.types.includes(type));
  if (!kinds.length || !type) return "";
  if (!fitting.length) return say("refusedKind");
  const largest = Math.max(...fitting.map((kind) => kind.bytes));
  return bytes > largest ? say("refusedSize", { limit: size(largest) }) : "";
}

function row(file) {
  const box = document.createElement("div");
  box.className = "upload";
  Object.assign(box.dataset, { type: file.type, bytes: file.size });
  const name = document.createElement("span");
  name.className = "truncate";
  name.textContent = file.name;
  const remove = document.createElement("button");
  remove.type = "button";
  remove.className = "button button--ghost button--small";
  remove.textContent = "×";
  remove.setAttribute("aria-label", `${form().dataset.remove}: ${file.name}`);
  const bar = document.createElement("progress");
  bar.max = 1;
  bar.value = 0;
  bar.setAttribute("aria-label", file.name);
  const words = document.createElement("span");
  words.className = "upload__refusal";
  words.setAttribute("role", "alert");
  box.append(name, remove, bar, words);
  document.getElementById("composer-files").append(box);
  remove.addEventListener("click", () => {
    const near = box.nextElementSibling ?? box.previousElementSibling;
    box.remove();
    look();
    (near?.querySelector("button") ?? writingPlace())?.focus();
    changed();
  });
  return { box, remove, bar };
}

/* Each file against the channel as it is now; the composer hears whether the reply may go. */
function look() {
  chips().forEach((box, place) => {
    const words = refusal({ type: box.dataset.type, bytes: Number(box.dataset.bytes) }, place);
    box.querySelector(".upload__refusal").textContent = words;
    box.toggleAttribute("data-refused", words !== "");
  });
  document.dispatchEvent(new CustomEvent("composer-files"));
}

function fail(text) {
  document.dispatchEvent(
    new CustomEvent("toast", { detail: { title: text || form().dataset.failed, tone: "danger" } }),
  );
}

function send(file, settle = arrived) {
  const shown = row(file);
  look();
  if (shown.box.hasAttribute("data-refused")) shown.bar.remove();
  else post(file, shown, form().dataset.upload, settle);
}

/* A picture for a place in the text: its row is there only while it is sent up. */
function sendForPlace({ file, place }) {
  send(file, ({ box }, answer) => {
    box.remove();
    look();
    place(answer);
  });
}

function arrived({ box, bar }, answer) {
  bar.value = 1;
  Object.assign(box.dataset, { type: answer.type, bytes: answer.size, name: answer.name });
  const key = document.createElement("input");
  key.type = "hidden";
  key.name = "file";
  key.value = answer.key;
  box.append(key);
  box.removeAttribute("data-busy");
  look();
}

/* The files the draft had. */
function restore() {
  const files = document.getElementById("composer-files");
  if (!files || "begun" in files.dataset) return;
  files.dataset.begun = "";
  for (const file of begun().files ?? []) arrived(row(file), file);
}

function post(file, shown, url, settle = arrived) {
  const { box, remove, bar } = shown;
  box.dataset.busy = "";
  document.dispatchEvent(new CustomEvent("composer-files"));
  const request = new XMLHttpRequest();
  const data = new FormData();
  data.append("file", file);
  remove.addEventListener("click", () => request.abort(), { once: true });
  const drop = (text) => {
    box.remove();
    look();
    fail(text);
  };
  request.upload.addEventListener("progress", ({ loaded, total }) => {
    bar.value = total ? loaded / total : 0;
  });
  request.addEventListener("load", () => {
    if (request.status === 401) {
      bar.value = 0;
      const retry = () => box.isConnected && post(file, shown, url, settle);
      document.dispatchEvent(new CustomEvent("session-locked", { detail: { retry } }));
    } else if (request.status === 201) {
      settle(shown, request.response);
      changed();
    } else drop(request.response?.error);
  });
  request.addEventListener("error", () => drop(""));
  request.open("POST", url);
  request.responseType = "json";
  request.setRequestHeader("X-CSRFToken", csrfToken());
  request.send(data);
}

document.addEventListener("click", ({ target }) => {
  if (target.closest?.("[data-attach]")) document.getElementById("composer-file").click();
});
document.addEventListener("change", ({ target }) => {
  if (target.id !== "composer-file") return;
  for (const file of target.files) send(file);
  target.value = "";
});
document.addEventListener("paste", (event) => {
  const files = [...(event.clipboardData?.files ?? [])];
  if (!files.length || !event.target.closest?.("#composer")) return;
  if (hasWords(event.clipboardData)) return;
  event.preventDefault();
  files.forEach((file) => send(file));
});
document.addEventListener("dragover", (event) => {
  if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
});
document.addEventListener("drop", (event) => {
  if (!event.dataTransfer?.files.length) return;
  event.preventDefault();
  if (event.target.closest?.("#conversation") && form()?.dataset.kind === "reply") {
    [...event.dataTransfer.files].forEach((file) => send(file));
  }
});
document.addEventListener("file-for-place", ({ detail }) => sendForPlace(detail));
document.addEventListener("via-changed", look);
document.addEventListener("draft-gather", ({ detail }) => {
  const sent = chips().filter((box) => box.querySelector("input[name=file]"));
  detail.files = sent.map((box) => ({
    key: box.querySelector("input[name=file]").value,
    name: box.dataset.name,
    type: box.dataset.type,
    size: Number(box.dataset.bytes),
  }));
});
document.addEventListener("htmx:afterSettle", restore);
restore();
