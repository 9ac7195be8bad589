/* 定型文: / at the beginning of a word in a reply offers them, as does the button (F). The one taken
   comes filled in for this customer; a gap in it is selected, to be typed over. */
import { csrfToken } from "../csrf.js";
import { emit } from "../events.js";
import { GAP, selectGap } from "./gaps.js";
import { suggest } from "./suggest.js";

const FIELDS = "textarea[data-templates], .mail-editor[data-templates]";

export function templates(composer) {
  const field = () => [...composer.querySelectorAll(FIELDS)].at(-1);
  const box = () => composer.querySelector("#template-list");
  const order = () => box()?.querySelector("[data-template-order]")?.value ?? "";

  async function fill(list, query, signal) {
    const url = new URL(list.dataset.url, window.location.href);
    url.searchParams.set("q", query);
    url.searchParams.set("order", order());
    const via = composer.form.elements.namedItem("via")?.value;
    if (via) url.searchParams.set("via", via);
    const answer = await fetch(url, { headers: { "HX-Request": "true" }, signal });
    if (!answer.ok) throw new Error(String(answer.status));
    const html = await answer.text();
    if (!signal.aborted) list.innerHTML = html;
  }

  function fail() {
    emit("toast", { title: box()?.dataset.failed, tone: "danger" });
  }

  function unlocked() {
    return new Promise((resolve) => emit("session-locked", { retry: resolve }));
  }

  async function textOf(option) {
    const answer = await fetch(option.dataset.text, {
      method: "POST",
      headers: { "X-CSRFToken": csrfToken(), "HX-Request": "true" },
      body: new URLSearchParams({ order: order() }),
    }).catch(() => null);
    if (answer?.ok) return (await answer.json()).text;
    if (answer?.status === 401) {
      await unlocked();
      return textOf(option);
    }
    fail();
    return null;
  }

  if (!box()) return;
  const offered = suggest(composer, {
    fields: FIELDS,
    box: "template-list",
    trigger: /(?:^|\s)[/／]([^\s/／]{0,40})$/,
    fill,
    textOf,
  });

  composer.on("suggested", ({ target, detail: { start, text } }) => {
    const gap = text.match(GAP);
    if (!gap || target !== field()) return;
    if (target.insertWords) {
      const found = target.textContent.match(GAP);
      if (found) selectGap(target, [found.index, found.index + found[0].length]);
      return;
    }
    selectGap(target, [start + gap.index, start + gap.index + gap[0].length]);
  });
  composer.on("click", ({ target }) => {
    if (!target.closest("[data-open-templates]") || !field()) return;
    composer.toReply();
    if (!field().readOnly) offered.open(field());
  });
  composer.on("change", ({ target }) => {
    if (!target.matches("[data-template-order]")) return;
    field().focus();
    offered.again(field());
  });
}
