/* What has just been sent may be taken back for a moment: it is a draft again, before what has been begun
   since. The server has held the reply back meanwhile. */
import { csrfToken } from "../csrf.js";
import { emit } from "../events.js";
import { newId } from "./ids.js";

async function takeBack({ undo, kind, draft, body }, name) {
  const composer = document.querySelector("reply-composer");
  const isHere = composer?.form?.dataset.draft === draft.path;
  const written = isHere ? composer.field(kind).value : "";
  const words = [body, written].filter((text) => text.trim()).join("\n\n");
  const fields = { kind, body: words, beside: draft.beside, client_id: newId() };
  const headers = { "X-CSRFToken": csrfToken(), "HX-Request": "true" };
  const answer = await fetch(undo, {
    method: "POST",
    headers,
    body: new URLSearchParams(fields),
  }).catch(() => null);
  if (answer?.ok) {
    if (isHere) composer.readAgain(kind);
    return;
  }
  const news = JSON.parse(answer?.headers.get("HX-Trigger") ?? "{}").toast;
  const { unreachable } = document.getElementById("toasts").dataset;
  emit("toast", news ?? { title: name, text: unreachable, tone: "danger" });
}

export function undoToast({ form }, sent) {
  if (!sent.undo) return;
  const title = sent.kind === "note" ? form.dataset.noteSent : form.dataset.replyHeld;
  const action = { label: form.dataset.undo, key: "u", run: () => takeBack(sent, title) };
  emit("toast", { title, tone: "success", action });
}
