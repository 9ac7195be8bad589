/* Settings of the user that need no form: a post of one name and value to their address. */
import { csrfToken } from "./csrf.js";
import { emit } from "./events.js";

const root = document.documentElement;

async function save({ url, name, value }) {
  const response = await fetch(url, {
    method: "POST",
    headers: { "X-CSRFToken": csrfToken(), "HX-Request": "true" },
    body: new URLSearchParams({ [name]: value }),
  }).catch(() => null);
  if (response?.status === 401) emit("session-locked");
  return Boolean(response?.ok);
}

async function choose(item) {
  const { preference, url } = item.dataset;
  if (preference === "language") {
    if (await save({ url, name: "language", value: item.dataset.value })) {
      window.location.reload();
    }
    return;
  }
  if (item.dataset.value) {
    const { value } = item.dataset;
    root.dataset[preference] = value;
    for (const other of document.querySelectorAll(`[data-preference="${preference}"]`)) {
      other.setAttribute("aria-pressed", String(other.dataset.value === value));
    }
    await save({ url, name: preference, value });
    return;
  }
  const on = item.getAttribute("aria-checked") !== "true";
  item.setAttribute("aria-checked", String(on));
  root.dataset[preference] = on ? "on" : "off";
  await save({ url, name: preference, value: on ? "on" : "off" });
}

document.addEventListener("click", ({ target }) => {
  const item = target.closest("[data-preference]");
  if (item?.dataset.url) choose(item);
});

document.addEventListener("save-preference", ({ detail }) => save(detail));
