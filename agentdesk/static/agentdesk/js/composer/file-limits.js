/* What a channel carries: its limits as the server states them, and the first one that a file breaks. */
const NONE = { bytes: Infinity, kinds: [], carries: true };

export function limitsOf(media = "{}") {
  return { ...NONE, ...JSON.parse(media || "{}") };
}

/* [name of the sentence, its values], or nothing. The type is unknown where the browser does not know;
   `place` counts the files before this one. */
export function broken({ type, bytes }, place, { carries, kinds, count, bytes: most }) {
  if (!carries) return ["refusedNone", {}];
  if (bytes > most) return ["refusedLimit", { bytes: most }];
  if (count && place >= count) return ["refusedCount", { n: count }];
  const fitting = kinds.filter(({ types }) => types.includes(type));
  if (!kinds.length || !type) return null;
  if (!fitting.length) return ["refusedKind", {}];
  const largest = Math.max(...fitting.map(({ bytes: limit }) => limit));
  return bytes > largest ? ["refusedSize", { bytes: largest }] : null;
}
