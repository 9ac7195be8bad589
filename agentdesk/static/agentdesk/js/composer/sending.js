/* A message leaves: it stands in the thread at once, and the text is free for the next one. One that has
   just come in must have been before the writer's eyes before. Where nobody answers the outbox goes on
   with it; where the server refuses, its writer has it back, here or (moved on) in the outbox. When the
   reply has gone `reply-sent` is said. */
import { typedByScript } from "../events.js";
import { newId } from "../outbox/ids.js";
import { begin, givenBack, refusalOf, refused, sent, wait } from "../outbox/outbox.js";
import { undoToast } from "../outbox/undo.js";

const SEEN_AFTER = 1500;

/* A message keeps its id until it is known to have arrived: a second submission is the same one, and a
   draft that arrives behind it is dropped by the server. */
export function idOf(text) {
  text.dataset.clientId ??= newId();
  return text.dataset.clientId;
}

/* What was typed while the message was under way has not gone with it. */
export function rest(now, gone) {
  if (now === gone) return "";
  return now.startsWith(gone) ? now.slice(gone.length).trimStart() : now;
}

export function sending(composer) {
  const { form } = composer;
  const seen = form.elements.namedItem("seen");
  let outgoing = null; // of the message under way: { id, kind, body, files, from, draft }
  let seenTimer = 0;

  const cursor = () => document.getElementById("thread-cursor")?.value ?? "0";

  const readThread = () => document.querySelector("message-thread")?.read();

  function see() {
    window.clearTimeout(seenTimer);
    const newest = cursor();
    seenTimer = window.setTimeout(() => {
      if (!document.hidden) seen.value = newest;
    }, SEEN_AFTER);
  }

  function prepare() {
    const text = composer.field();
    outgoing = {
      id: idOf(text),
      kind: composer.kind,
      body: text.value,
      files: [...composer.filesOf().children],
      from: document.activeElement,
      draft: { path: form.dataset.draft, beside: composer.draftGoes(text) },
    };
    form.elements.namedItem("body").value = text.value;
    form.elements.namedItem("client_id").value = outgoing.id;
    if (!seen.value) seen.value = cursor();
  }

  /* As it is posted: all parts have added theirs. */
  function entry(parameters) {
    const { id, kind, body, files, draft } = outgoing;
    const fields = Object.entries(parameters).flatMap(([name, value]) =>
      [value].flat().map((one) => [name, String(one)]),
    );
    return {
      ...{ id, kind, body, draft, fields, files: files.length },
      conversation: Number(document.getElementById("workspace").dataset.conversation),
      path: form.getAttribute("action"),
      place: form.dataset.place,
      name: form.dataset.customer,
    };
  }

  /* The text goes at once; formatted, with its editor, as soon as it is known to have gone. */
  function leave() {
    const text = composer.field(outgoing.kind);
    if (outgoing.kind === "reply" && form.hasAttribute("data-html")) return;
    outgoing.hasLeft = true;
    text.value = "";
    typedByScript(text);
  }

  function finish() {
    const { kind, body, files, from, hasLeft } = outgoing;
    const text = composer.field(kind);
    outgoing = null;
    delete text.dataset.clientId;
    if (!hasLeft) text.value = rest(text.value, body);
    for (const file of files) file.remove();
    composer.draftWent(text);
    typedByScript(text);
    // Whoever has gone on to something else meanwhile is left there.
    if (document.activeElement === from) composer.writingPlace()?.focus();
    if (kind === "reply") composer.emit("reply-sent");
  }

  function onSent({ detail }) {
    if (!outgoing) return;
    const { id, draft } = outgoing;
    undoToast(composer, { ...detail, draft, body: outgoing.body });
    finish();
    sent(id, detail);
    readThread();
  }

  function giveBack() {
    const { id, kind, body, hasLeft } = outgoing;
    const text = composer.field(kind);
    givenBack(id);
    outgoing = null;
    composer.draftStays(text);
    if (hasLeft) {
      text.value = [body, text.value].filter(Boolean).join("\n");
      typedByScript(text);
    }
    return text;
  }

  /* What had gone already keeps its id; what stands there now is another message. */
  function onRefused({ detail }) {
    if (outgoing) {
      const text = giveBack();
      if (detail.isSent) delete text.dataset.clientId;
    }
    readThread();
    see();
  }

  /* Nobody has answered: the outbox goes on with it, the writer with something else. */
  function onLost() {
    if (!outgoing) return;
    const { id } = outgoing;
    finish();
    wait(id);
  }

  /* Its composer is off the page: what the server says then is the outbox's business. */
  function onAnswered({ detail }) {
    if (detail.elt !== form || !outgoing) return;
    const { status, responseText } = detail.xhr;
    if (status === 401) {
      giveBack();
    } else if (status === 0 || status >= 500 || status === 429) {
      if (form.isConnected) onLost();
      else wait(outgoing.id);
    } else if (!form.isConnected) {
      const triggers = JSON.parse(detail.xhr.getResponseHeader("HX-Trigger") ?? "{}");
      if (status < 400) sent(outgoing.id, triggers["composer-sent"] ?? {});
      else refused(outgoing.id, refusalOf(responseText));
    } else if (status >= 400) {
      giveBack();
    }
  }

  composer.on("htmx:configRequest", (event) => {
    if (event.detail.elt !== form || event.detail.verb !== "post") return;
    if (composer.isLocked()) {
      event.preventDefault();
      return;
    }
    prepare();
    for (const name of ["body", "client_id", "seen"]) {
      event.detail.parameters[name] = form.elements.namedItem(name).value;
    }
  });
  composer.on("htmx:beforeRequest", ({ detail }) => {
    if (detail.elt !== form || !outgoing) return;
    begin(entry(detail.requestConfig.parameters));
    leave();
  });
  composer.on("composer-sent", onSent);
  composer.on("composer-refused", onRefused);
  composer.on("composer-warned", () => outgoing && giveBack());
  // Not by `on`: it may come when the composer is off the page.
  form.addEventListener("htmx:afterRequest", onAnswered);
  composer.on("htmx:afterSettle", ({ detail }) => detail.target?.id === "thread" && see(), {
    within: document,
  });
  seen.value = cursor();
}
