/* Files of the composer: chosen, dropped or pasted, looked at, sent up at once with a progress bar, and
   attached by their key to what was being written when they were taken: the reply or the note. Each has
   a place of its own, and a file never changes from one to the other. What the reply's channel cannot
   carry is said at the file, before it is sent up or when the channel is changed, and stops the reply
   until it is taken out. */
import { hasWords } from "../clipboard.js";
import { csrfToken } from "../csrf.js";
import { emit } from "../events.js";
import { begun, changed } from "./draft.js";
import { broken, limitsOf } from "./file-limits.js";

const KINDS = ["reply", "note"];

function size(bytes) {
  const unit = bytes >= 1048576 ? "megabyte" : "kilobyte";
  const number = bytes / (unit === "megabyte" ? 1048576 : 1024);
  const style = { style: "unit", unit, maximumFractionDigits: 1 };
  return new Intl.NumberFormat(document.documentElement.lang, style).format(number);
}

export function uploads(composer) {
  const { form } = composer;
  const unsent = new Map(); // rows whose file is not on its way yet: what sends it up
  const via = () => composer.via;
  const chips = (kind) => [...composer.filesOf(kind).querySelectorAll(":scope > .upload")];

  /* Colleagues are reached without any channel: a note's files have its limits not. */
  const limits = (kind) => limitsOf(kind === "note" ? "" : via()?.dataset.media);

  function say(name, values = {}) {
    const all = { channel: via()?.dataset.name ?? "", ...values };
    return Object.entries(all).reduce(
      (words, [key, value]) => words.replace(`{${key}}`, value),
      form.dataset[name] ?? "",
    );
  }

  /* Why the channel will not carry it, or nothing. */
  function refusal(file, place, kind) {
    const [name, { bytes, n } = {}] = broken(file, place, limits(kind)) ?? [];
    return name ? say(name, { limit: bytes && size(bytes), n }) : "";
  }

  /* Another channel of this customer that would carry it. */
  function offer(button, file, place) {
    const options = [...composer.querySelectorAll("#via-menu .via__option[data-pick]")];
    const other = options.find(({ dataset }) => !broken(file, place, limitsOf(dataset.media)));
    button.hidden = !other;
    if (!other) return;
    button.dataset.pick = other.dataset.pick;
    button.textContent = say("sendBy", { channel: other.dataset.channel });
  }

  function row(file, kind) {
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
    remove.setAttribute("aria-label", `${form.dataset.remove}: ${file.name}`);
    const bar = document.createElement("progress");
    bar.max = 1;
    bar.value = 0;
    bar.setAttribute("aria-label", file.name);
    const words = document.createElement("span");
    words.className = "upload__refusal";
    words.setAttribute("role", "alert");
    const other = document.createElement("button");
    other.type = "button";
    other.className = "button button--small upload__other";
    other.hidden = true;
    box.append(name, remove, bar, words, other);
    composer.filesOf(kind).append(box);
    remove.addEventListener("click", () => {
      const near = box.nextElementSibling ?? box.previousElementSibling;
      box.remove();
      unsent.delete(box);
      look();
      (near?.querySelector("button") ?? composer.writingPlace())?.focus();
      changed(composer, kind);
    });
    return { box, remove, bar, kind };
  }

  /* Each file against the channel as it is now; the composer hears whether its text may go. */
  function look() {
    for (const kind of KINDS) {
      chips(kind).forEach((box, place) => {
        const file = { type: box.dataset.type, bytes: Number(box.dataset.bytes) };
        const words = refusal(file, place, kind);
        box.querySelector(".upload__refusal").textContent = words;
        box.toggleAttribute("data-refused", words !== "");
        const other = box.querySelector(".upload__other");
        if (words) offer(other, file, place);
        else other.hidden = true;
        if (!words) sendUp(box);
      });
    }
    composer.emit("composer-files");
  }

  function fail(text) {
    emit("toast", { title: text || form.dataset.failed, tone: "danger" });
  }

  /* One that was refused waits for a channel that carries it. */
  function send(file, kind, settle = arrived) {
    const shown = row(file, kind);
    if (file.type.startsWith("image/")) picture(shown.box, URL.createObjectURL(file));
    unsent.set(shown.box, () => post(file, shown, form.dataset.upload, settle));
    look();
  }

  function sendUp(box) {
    const begin = unsent.get(box);
    unsent.delete(box);
    begin?.();
  }

  function picture(box, address) {
    const image = document.createElement("img");
    image.className = "upload__picture";
    image.alt = "";
    const release = () => address.startsWith("blob:") && URL.revokeObjectURL(address);
    image.addEventListener("load", release, { once: true });
    image.addEventListener("error", () => image.remove(), { once: true });
    image.src = address;
    box.prepend(image);
  }

  /* A picture for a place in the reply: its row is there only while it is sent up. */
  function sendForPlace({ file, place }) {
    send(file, "reply", ({ box }, answer) => {
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

  /* The files the drafts had. */
  function restore() {
    for (const kind of KINDS) {
      for (const file of begun(composer, kind).files ?? []) {
        const shown = row(file, kind);
        if (file.type?.startsWith("image/")) picture(shown.box, `/files/${file.key}/`);
        arrived(shown, file);
      }
    }
  }

  /* The conversation was left meanwhile: the file is in no draft, and is said to be lost. */
  function left(file, words) {
    fail(words.replace("{file}", file.name));
  }

  function post(file, shown, url, settle = arrived) {
    const { box, remove, bar, kind } = shown;
    const { leftBehind } = form.dataset;
    box.dataset.busy = "";
    composer.emit("composer-files");
    const request = new XMLHttpRequest();
    const data = new FormData();
    data.append("file", file);
    data.append("kind", kind);
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
        emit("session-locked", { retry });
      } else if (!box.isConnected) {
        left(file, leftBehind);
      } else if (request.status === 201) {
        settle(shown, request.response);
        changed(composer, kind);
      } else drop(request.response?.error);
    });
    request.addEventListener("error", () => (box.isConnected ? drop("") : left(file, leftBehind)));
    request.open("POST", url);
    request.responseType = "json";
    request.setRequestHeader("X-CSRFToken", csrfToken());
    request.send(data);
  }

  composer.on("click", ({ target }) => {
    if (!target.closest("[data-attach]")) return;
    const input = form.querySelector("#composer-file");
    input.dataset.kind = composer.kind;
    input.click();
  });
  composer.on("change", ({ target }) => {
    if (target.id !== "composer-file") return;
    for (const file of target.files) send(file, target.dataset.kind ?? composer.kind);
    delete target.dataset.kind;
    target.value = "";
  });
  composer.on("paste", (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (!files.length || !event.target.closest("#composer")) return;
    if (hasWords(event.clipboardData)) return;
    event.preventDefault();
    const { kind } = composer;
    files.forEach((file) => send(file, kind));
  });
  /* Anywhere in the conversation. */
  const onDrop = (event) => {
    if (!event.dataTransfer?.files.length || !event.target.closest?.("#conversation")) return;
    const { kind } = composer;
    [...event.dataTransfer.files].forEach((file) => send(file, kind));
  };
  composer.on("drop", onDrop, { within: document });
  composer.on("file-for-place", ({ detail }) => sendForPlace(detail));
  composer.on("via-changed", look);

  function gather(kind, detail) {
    const sent = chips(kind).filter((box) => box.querySelector("input[name=file]"));
    detail.files = sent.map((box) => ({
      key: box.querySelector("input[name=file]").value,
      name: box.dataset.name,
      type: box.dataset.type,
      size: Number(box.dataset.bytes),
    }));
  }

  composer.on("draft-gather", ({ detail }) => gather("reply", detail));
  composer.on("note-gather", ({ detail }) => gather("note", detail));
  restore();
}

/* Beside the conversation a file is dropped on nothing: the browser would open it in the desk's stead. */
for (const name of ["dragover", "drop"]) {
  document.addEventListener(name, (event) => {
    if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
  });
}
