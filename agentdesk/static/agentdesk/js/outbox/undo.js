/* What has just been sent may be taken back for a moment: it is a draft again, before what has been begun
   since. The server has held the reply back meanwhile. */
import { csrfToken } from "../csrf.js";
import { emit } from "../events.js";
import { newId } from "./ids.js";

async function withdraw({ undo, kind, draft, body }, name) {
  const fields = { kind, body, beside: draft.beside, client_id: newId() };
  const headers = { "X-CSRFToken": csrfToken(), "HX-Request": "true" };
  const answer = await fetch(undo, {
    method: "POST",
    headers,
    body: new URLSearchParams(fields),
  }).catch(() => null);
  if (answer?.ok) return true;
  const news = JSON.parse(answer?.headers.get("HX-Trigger") ?? "{}").toast;
  const { unreachable } = document.getElementById("toasts").dataset;
  emit("toast", news ?? { title: name, text: unreachable, tone: "danger" });
  return false;
}

function takeBack(sent, name) {
  const composer = document.querySelector("reply-composer");
  const isHere = composer?.form?.dataset.draft === sent.draft.path;
  const store = () => withdraw(sent, name);
  return isHere ? composer.takeBack(sent.kind, store) : store();
}

export function undoToast({ form }, sent) {
  if (!sent.undo) return;
  const usual = sent.kind === "note" ? form.dataset.noteSent : form.dataset.replyHeld;
  const title = sent.title ?? usual;
  const action = { label: form.dataset.undo, key: "u", run: () => takeBack(sent, title) };
  emit("toast", { title, tone: "success", action });
}
