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

function words(label, box, text) {
  const limit = Number(box.dataset.textLimit);
  if (!limit || "countsSegments" in box.dataset) return "";
  const length = (LENGTHS[box.dataset.textUnit] ?? LENGTHS.characters)(text);
  if (length > limit && "splits" in box.dataset) {
    return fill(label.dataset.parts, Math.ceil(length / limit));
  }
  if (length > limit) return fill(label.dataset.over, length - limit);
  return limit - length <= limit * NEAR ? fill(label.dataset.left, limit - length) : "";
}

function count() {
  const label = document.getElementById("composer-count");
  const box = document.getElementById("composer");
  const reply = document.getElementById("composer-reply");
  if (!label || !reply) return;
  const said = box.dataset.kind === "reply" ? words(label, box, reply.value) : "";
  label.hidden = !said;
  label.textContent = said;
  label.toggleAttribute("data-over-limit", said !== "" && isOver(box, reply.value));
}

function isOver(box, text) {
  const limit = Number(box.dataset.textLimit);
  return !("splits" in box.dataset) && LENGTHS[box.dataset.textUnit ?? "characters"](text) > limit;
}

document.addEventListener("input", ({ target }) => {
  if (target.id === "composer-reply") count();
});
document.addEventListener("change", ({ target }) => {
  if (target.matches?.("#composer input[name=kind]")) count();
});
document.addEventListener("via-changed", count);
count();
