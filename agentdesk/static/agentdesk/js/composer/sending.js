/* A message leaves. One that has just come in must have been before the writer's eyes before. What is
   under way is remembered: its answer clears that alone, whatever is being written by then. When the
   reply has gone `reply-sent` is said. */
import { typedByScript } from "../events.js";

const SEEN_AFTER = 1500;

/* crypto.randomUUID is missing where the page came over plain http. */
function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/* A message keeps its id until it is known to have arrived: a second submission is the same one, and a
   draft that arrives behind it is dropped by the server. */
export function idOf(text) {
  text.dataset.clientId ??= newId();
  return text.dataset.clientId;
}

/* What was typed while the message was under way has not gone with it. */
function rest(now, gone) {
  if (now === gone) return "";
  return now.startsWith(gone) ? now.slice(gone.length).trimStart() : now;
}

export function sending(composer) {
  const { form } = composer;
  const seen = form.elements.namedItem("seen");
  let outgoing = null; // of the message under way: { kind, body, files, from }
  let seenTimer = 0;

  const cursor = () => document.getElementById("thread-cursor")?.value ?? "0";

  function readThread() {
    const topic = document.querySelector("[data-live-here]")?.dataset.liveHere ?? "";
    window.htmx.trigger(document.body, `live:${topic}:message_added`);
  }

  function see() {
    window.clearTimeout(seenTimer);
    const newest = cursor();
    seenTimer = window.setTimeout(() => {
      if (!document.hidden) seen.value = newest;
    }, SEEN_AFTER);
  }

  function prepare() {
    const text = composer.field();
    composer.draftGoes(text);
    outgoing = {
      kind: composer.kind,
      body: text.value,
      files: [...composer.filesOf().children],
      from: document.activeElement,
    };
    form.elements.namedItem("body").value = text.value;
    form.elements.namedItem("client_id").value = idOf(text);
    if (!seen.value) seen.value = cursor();
  }

  function onSent() {
    if (!outgoing) return;
    const { kind, body, files, from } = outgoing;
    const text = composer.field(kind);
    outgoing = null;
    delete text.dataset.clientId;
    text.value = rest(text.value, body);
    for (const file of files) file.remove();
    composer.draftWent(text);
    typedByScript(text);
    readThread();
    // Whoever has gone on to something else meanwhile is left there.
    if (document.activeElement === from) composer.writingPlace()?.focus();
    if (kind === "reply") composer.emit("reply-sent");
  }

  /* What had gone already keeps its id; what stands there now is another message. */
  function onRefused({ detail }) {
    if (detail.isSent && outgoing) delete composer.field(outgoing.kind).dataset.clientId;
    outgoing = null;
    readThread();
    see();
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
  composer.on("composer-sent", onSent);
  composer.on("composer-refused", onRefused);
  composer.on("htmx:afterSettle", ({ detail }) => detail.target?.id === "thread" && see(), {
    within: document,
  });
  seen.value = cursor();
}
