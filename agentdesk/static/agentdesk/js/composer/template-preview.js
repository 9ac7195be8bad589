/* A provider's template in the composer: what is typed into its fields shows in its text at once, and
   is kept with the draft. */
import { begun, changed } from "./draft.js";
import { typedByScript } from "../events.js";
import { isVisible } from "../visible.js";

export function templatePreview(composer) {
  const box = () => composer.querySelector("[data-template-box]");
  const chosen = () => box()?.querySelector("select[name=template]");
  const place = () => composer.querySelector("#composer-template-fields");
  const fields = () => [...(place()?.querySelectorAll("input") ?? [])];
  let waiting = null; // what the draft had, until the fields for it are there

  composer.on("input", ({ target }) => {
    const number = target.dataset.fills;
    if (!number) return;
    for (const gap of box().querySelectorAll(`[data-gap="${CSS.escape(number)}"]`)) {
      gap.textContent = target.value.trim() || gap.dataset.empty;
    }
    changed(composer);
  });

  /* Another template has other fields: what stood in the old ones is not meant for them. */
  composer.on("change", ({ target }) => {
    if (target !== chosen()) return;
    waiting = null;
    place().replaceChildren();
    changed(composer);
  });

  composer.on("draft-gather", ({ detail }) => {
    if (!chosen() || waiting) return;
    const values = fields().map((field) => field.value.trim());
    detail.template = chosen().value;
    detail.values = values.some(Boolean) ? values : [];
  });

  /* What the draft had: its fields are asked for first. */
  function restore() {
    if (!chosen() || "begun" in box().dataset) return;
    box().dataset.begun = "";
    waiting = null;
    const { template, values = [] } = begun(composer);
    const isOffered = [...chosen().options].some(({ value }) => value === template);
    if (!template || !isOffered) return;
    chosen().value = template;
    waiting = values;
    window.htmx.ajax("GET", chosen().getAttribute("hx-get"), {
      target: place(),
      swap: "innerHTML",
      values: { template },
    });
  }

  function fill() {
    if (!waiting || !place()?.childElementCount) return;
    const values = waiting;
    waiting = null;
    for (const [index, field] of fields().entries()) {
      field.value = values[index] ?? "";
      typedByScript(field);
    }
  }

  /* What was left open is what one goes on with. */
  composer.on("composer-refused", () => {
    fields()
      .find((field) => isVisible(field) && !field.value.trim())
      ?.focus();
  });

  composer.on("reply-sent", () => {
    if (!chosen()) return;
    waiting = null;
    chosen().value = "";
    place().replaceChildren();
  });
  composer.on("htmx:afterSettle", () => {
    restore();
    fill();
  });
  restore();
}
