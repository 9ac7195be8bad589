// The preview of a web chat follows what is typed, a moment after the last key.
const PAUSE = 400;
let timer;

function address(frame) {
  const form = document.getElementById(frame.dataset.previewOf);
  const language =
    document.querySelector("[data-preview-language]:checked")?.value ?? "ja";
  const url = new URL(frame.dataset.previewUrl, location.href);
  const fields = new FormData(form);
  url.searchParams.set("language", language);
  url.searchParams.set("colour", fields.get("colour") ?? "");
  for (const name of ["title", "greeting", "away"]) {
    url.searchParams.set(name, fields.get(`${name}_${language}`) ?? "");
  }
  return url.href;
}

function refresh() {
  const frame = document.querySelector("[data-preview-of]");
  if (frame && frame.src !== address(frame)) frame.src = address(frame);
}

function soon({ target }) {
  if (!target.closest?.("#webchat-form, [data-preview-language]")) return;
  clearTimeout(timer);
  timer = setTimeout(refresh, PAUSE);
}

document.addEventListener("input", soon);
document.addEventListener("change", soon);
refresh();
