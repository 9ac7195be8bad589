/* How much of the channel's limit is left, said only when it matters; and in how many messages a
   longer text will go, where the channel splits it. */
const NEAR = 0.1;
const encoder = new TextEncoder();

const LENGTHS = {
  characters: (text) => [...text].length,
  bytes: (text) => encoder.encode(text).length,
  utf16: (text) => text.length,
};

const fill = (words, n) => words.replace("{n}", n.toLocaleString(document.documentElement.lang));

function words(label, { dataset }, text) {
  const limit = Number(dataset.textLimit);
  if (!limit || "countsSegments" in dataset) return "";
  const length = (LENGTHS[dataset.textUnit] ?? LENGTHS.characters)(text);
  if (length > limit && "splits" in dataset) {
    return fill(label.dataset.parts, Math.ceil(length / limit));
  }
  if (length > limit) return fill(label.dataset.over, length - limit);
  return limit - length <= limit * NEAR ? fill(label.dataset.left, limit - length) : "";
}

function isOver({ dataset }, text) {
  const limit = Number(dataset.textLimit);
  return !("splits" in dataset) && LENGTHS[dataset.textUnit ?? "characters"](text) > limit;
}

export function counting(composer) {
  const { form } = composer;
  const label = form.querySelector("#composer-count");
  const reply = composer.field("reply");

  function count() {
    const shown = composer.kind === "reply" ? words(label, form, reply.value) : "";
    label.hidden = !shown;
    label.textContent = shown;
    label.toggleAttribute("data-over-limit", shown !== "" && isOver(form, reply.value));
  }

  if (!label || !reply) return;
  composer.on("input", ({ target }) => target === reply && count());
  composer.on("change", ({ target }) => target.matches("input[name=kind]") && count());
  composer.on("via-changed", count);
  count();
}
