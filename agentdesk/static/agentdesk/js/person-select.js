/* Choosing a member by name, reading or Latin letters: a search field before the select. What fits is
   chosen at once, the arrow keys go through the others. The select stays what is submitted. */
import { stepOf } from "./combobox.js";
import { isComposing } from "./composing.js";
import { fold } from "./fold.js";

const words = (text) => fold(text).replace(/\s/g, "");
const fitting = (select, query) =>
  [...select.options].filter(({ dataset }) => dataset.words?.split(" ").some((one) => one.includes(query)));

function choose(select, value) {
  if (select.value === value) return;
  select.value = value;
  select.dispatchEvent(new Event("change", { bubbles: true }));
}

function search(input, select) {
  const query = words(input.value);
  const found = query ? fitting(select, query) : [];
  // Where nobody fits everybody is shown: what would be submitted is never out of sight.
  for (const option of select.options) option.hidden = found.length > 0 && !found.includes(option);
  input.setAttribute("aria-invalid", String(query !== "" && !found.length));
  if (found.length && !found.includes(select.selectedOptions[0])) choose(select, found[0].value);
}

function step(input, select, by) {
  const query = words(input.value);
  const found = query ? fitting(select, query) : [];
  const all = found.length ? found : [...select.options];
  const from = all.indexOf(select.selectedOptions[0]);
  const to = all[Math.min(Math.max(from + by, 0), all.length - 1)];
  if (to) choose(select, to.value);
}

function enhance(select) {
  if (select.dataset.searched || select.options.length < 2) return;
  select.dataset.searched = "true";
  const input = document.createElement("input");
  Object.assign(input, { type: "text", className: "input", autocomplete: "off", spellcheck: false });
  input.dataset.personSearch = "";
  const label = select.labels[0]?.textContent.trim() ?? "";
  input.setAttribute("aria-label", `${label}: ${select.dataset.personSelect}`);
  input.placeholder = select.dataset.personSelect;
  input.autofocus = select.autofocus;
  select.autofocus = false;
  select.size = Math.min(Math.max(select.options.length, 2), 6);
  select.before(input);
  input.addEventListener("input", () => search(input, select));
  input.addEventListener("keydown", (event) => {
    const by = isComposing(event) ? 0 : stepOf(event.key);
    if (!by) return;
    event.preventDefault();
    step(input, select, by);
  });
  if (document.activeElement === select) input.focus();
}

function enhanceAll(root) {
  for (const select of root.querySelectorAll?.("select[data-person-select]") ?? []) enhance(select);
}

document.addEventListener("htmx:load", ({ detail }) => enhanceAll(detail.elt));
enhanceAll(document);
