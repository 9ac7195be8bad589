/* Files of the composer: chosen, dropped or pasted, sent up at once with a progress bar, and attached
   to the reply by their key. */
import { csrfToken } from "./csrf.js";

const form = () => document.getElementById("composer");

function row(file) {
  const box = document.createElement("div");
  box.className = "upload";
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
  box.append(name, remove, bar);
  document.getElementById("composer-files").append(box);
  return { box, remove, bar };
}

function fail(text) {
  document.dispatchEvent(
    new CustomEvent("toast", { detail: { title: text || form().dataset.failed, tone: "danger" } }),
  );
}

function send(file) {
  const shown = row(file);
  shown.remove.addEventListener("click", () => shown.box.remove());
  post(file, shown, form().dataset.upload);
}

function post(file, shown, url) {
  const { box, remove, bar } = shown;
  const request = new XMLHttpRequest();
  const data = new FormData();
  data.append("file", file);
  remove.addEventListener("click", () => request.abort(), { once: true });
  request.upload.addEventListener("progress", ({ loaded, total }) => {
    bar.value = total ? loaded / total : 0;
  });
  request.addEventListener("load", () => {
    const answer = request.response ?? {};
    if (request.status === 401) {
      bar.value = 0;
      const retry = () => box.isConnected && post(file, shown, url);
      document.dispatchEvent(new CustomEvent("session-locked", { detail: { retry } }));
      return;
    }
    if (request.status !== 201) {
      box.remove();
      fail(answer.error);
      return;
    }
    bar.value = 1;
    const key = document.createElement("input");
    key.type = "hidden";
    key.name = "file";
    key.value = answer.key;
    box.append(key);
  });
  request.addEventListener("error", () => {
    box.remove();
    fail("");
  });
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
  event.preventDefault();
  files.forEach(send);
});
document.addEventListener("dragover", (event) => {
  if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
});
document.addEventListener("drop", (event) => {
  if (!event.dataTransfer?.files.length) return;
  event.preventDefault();
  if (event.target.closest?.("#conversation") && form()?.dataset.kind === "reply") {
    [...event.dataTransfer.files].forEach(send);
  }
});
