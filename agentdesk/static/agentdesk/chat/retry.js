/* How long to wait before something is tried once more, and ids that make trying twice harmless. */

const WAITS = [1500, 3000, 6000, 12000, 30000, 60000];

/* Milliseconds; not the same for everybody who was cut off at one moment. */
export function patienceOf(tries) {
  return WAITS[Math.min(tries, WAITS.length - 1)] * (0.8 + 0.4 * Math.random());
}

export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16)); // a page without TLS
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const text = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return text.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
