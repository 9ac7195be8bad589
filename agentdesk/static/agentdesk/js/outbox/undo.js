/* What has just been sent may be taken back for a moment: it is a draft again, before what has been begun
   since. The server has held the reply back meanwhile. What was done to the inquiry with it is given back
   as well; where the reply is read at once, that alone. */
import { csrfToken } from "../csrf.js";
import { emit } from "../events.js";
import { newId } from "./ids.js";

async function withdraw({ undo, kind, draft, body, inquiry }, name) {
  const token = inquiry?.token ?? "";
  const fields = { kind, body, beside: draft.beside, client_id: newId(), token };
  const headers = { "X-CSRFToken": csrfToken(), "HX-Request": "true" };
  const answer = await fetch(undo, {
    method: "POST",
    headers,
    body: new URLSearchParams(fields),
  }).catch(() => null);
  const news = JSON.parse(answer?.headers.get("HX-Trigger") ?? "{}").toast;
  if (answer?.ok) {
    if (news) emit("toast", news);
    return true;
  }
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
  const { inquiry } = sent;
  const { undo: label, noteSent, replyHeld } = form.dataset;
  if (sent.undo) {
    const title = sent.title ?? (sent.kind === "note" ? noteSent : replyHeld);
    const action = { label, key: "u", run: () => takeBack(sent, title) };
    emit("toast", { title, text: inquiry?.text ?? "", tone: "success", action });
  } else if (inquiry) {
    const values = { token: inquiry.token };
    emit("toast", { title: inquiry.text, tone: "success", action: { label, key: "u", post: inquiry.undo, values } });
  }
}
