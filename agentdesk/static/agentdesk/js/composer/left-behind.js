/* A message may fail when its writer has gone on to another conversation: the composer it was written in
   is off the page, and so is the place of its refusal. It is said in a toast that names the customer and
   leads back; the text is kept as a draft. */
import { emit } from "../events.js";

function sayFailed({ dataset }, { xhr, requestConfig }) {
  const page = new DOMParser().parseFromString(xhr?.responseText ?? "", "text/html");
  const isQuestion = page.querySelector("[data-send-warnings]") !== null;
  const text = isQuestion ? "" : (page.querySelector(".banner__body")?.textContent.trim() ?? "");
  const title = requestConfig.parameters.kind === "note" ? dataset.noteFailed : dataset.replyFailed;
  const action = { label: dataset.openAgain, href: dataset.place };
  emit("toast", { title, text, tone: "danger", action });
}

/* Its events reach nobody but itself by then. A refusal that is drawn is no error to htmx. */
export function left({ form }) {
  form.addEventListener("htmx:afterRequest", ({ detail }) => {
    const { status } = detail.xhr;
    const hasFailed = status === 0 || status >= 400;
    if (detail.elt === form && hasFailed && !form.isConnected) sayFailed(form, detail);
  });
}
