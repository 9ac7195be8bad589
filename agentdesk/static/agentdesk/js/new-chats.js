/* Somebody has begun to wait in a chat that is nobody's: a sound, a count in the title where one looks
   elsewhere, and its row lights up for a moment as soon as it stands in the list. */
import { emit } from "./events.js";

const LIT = 4000; // ms
const COMES_WITHIN = 15_000;
const coming = new Map(); // when each was announced, by inquiry

function isLookedAt(conversation) {
  const open = document.getElementById("workspace")?.dataset.conversation;
  return Number(open) === conversation && !document.hidden;
}

/* By the animation alone, not a class: the list may be read again and morphed meanwhile. */
function light(row) {
  const lit = { backgroundColor: "var(--accent-soft)", boxShadow: "inset 0 0 0 2px var(--accent-border)" };
  row.animate([lit, { ...lit, offset: 0.7 }, {}], { duration: LIT, id: "new-chat" });
}

function lightThoseThatCame() {
  for (const [inquiry, at] of coming) {
    const row = document.getElementById(`inquiry-${inquiry}`);
    if (!row && Date.now() - at < COMES_WITHIN) continue;
    coming.delete(inquiry);
    if (row) light(row);
  }
}

document.body.addEventListener("live:signal", ({ detail: { kind, ids } }) => {
  if (kind !== "chat_waiting" || isLookedAt(ids.conversation)) return;
  coming.set(ids.inquiry, Date.now());
  const title = document.getElementById("list")?.dataset.newChat;
  const url = `/conversations/${ids.conversation}/`;
  emit("notify", { title, url, sound: "chat", tag: `chat-${ids.message}` });
});
document.addEventListener("htmx:afterSettle", lightThoseThatCame);
