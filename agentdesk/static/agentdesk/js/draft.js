/* What stands beside the text, kept with its draft: of a reply the channel, recipients, files and more;
   of a note its files alone. The two are never mixed. Each part of the composer adds its own to the
   detail of `draft-gather` (a note's: `note-gather`), says `draft-beside` with its kind when it changes,
   and takes it up again from begun() when it is drawn anew. */
const form = () => document.getElementById("composer");
const CHANNEL = new Set(["via", "usual", "html"]);
const PLACES = { reply: "beside", note: "noteBeside" };
const GATHERS = { reply: "draft-gather", note: "note-gather" };

export const begun = (kind = "reply") => JSON.parse(form()?.dataset[PLACES[kind]] || "{}");

export function gathered(kind = "reply") {
  const beside = begun(kind);
  document.dispatchEvent(new CustomEvent(GATHERS[kind], { detail: beside }));
  for (const [name, value] of Object.entries(beside)) if (!value?.length) delete beside[name];
  form().dataset[PLACES[kind]] = JSON.stringify(beside);
  return beside;
}

export function forget(kind = "reply") {
  form().dataset[PLACES[kind]] = "{}";
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

export function changed(kind = "reply") {
  document.dispatchEvent(new CustomEvent("draft-beside", { detail: { kind } }));
}
