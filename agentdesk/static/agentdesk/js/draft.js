/* What stands beside the text of a reply, kept with its draft: the channel, recipients, files. Each part
   of the composer adds its own to the detail of `draft-gather`, tells `draft-beside` when it changes,
   and takes it up again from begun() when it is drawn anew. */
const form = () => document.getElementById("composer");
const CHANNEL = new Set(["via", "usual", "html"]);

export const begun = () => JSON.parse(form()?.dataset.beside || "{}");

export function gathered() {
  const beside = begun();
  document.dispatchEvent(new CustomEvent("draft-gather", { detail: beside }));
  for (const [name, value] of Object.entries(beside)) if (!value?.length) delete beside[name];
  form().dataset.beside = JSON.stringify(beside);
  return beside;
}

export function forget() {
  form().dataset.beside = "{}";
}

/* One text for all of it, empty where nothing has been begun: what was saved is compared with it. */
export function written(text, beside) {
  const isPicture = beside.html?.includes("<img");
  const isBegun =
    text.trim() || isPicture || Object.keys(beside).some((name) => !CHANNEL.has(name));
  return isBegun ? JSON.stringify([text, Object.entries(beside).sort()]) : "";
}

export function posted({ files = [], ...beside }) {
  return JSON.stringify({ ...beside, files: files.map(({ key }) => key) });
}

export function changed() {
  document.dispatchEvent(new CustomEvent("draft-beside"));
}
