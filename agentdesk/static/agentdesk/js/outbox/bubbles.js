/* What is in the outbox stands at the end of its thread: on its way, waiting for the line, or not sent,
   with what can be done about it. A bubble goes as the message itself comes. A part of <message-thread>. */
import { emit } from "../events.js";
import { entries, entryOf } from "./entries.js";
import { fix, resend } from "./outbox.js";

const PATIENCE = 5_000;

function made({ id, kind }) {
  const pattern = document.getElementById("outbox-bubble");
  const item = pattern.content.firstElementChild.cloneNode(true);
  item.id = `outbox-${id}`;
  item.dataset.outbox = id;
  item.classList.add(kind === "note" ? "message--note" : "message--out");
  return item;
}

function filled(item, { body, state, reason = "", confirm, files = 0 }) {
  const words = item.querySelector("[data-words]");
  words.textContent = body;
  words.hidden = !body;
  item.querySelector("[data-files]").hidden = !files;
  for (const part of item.querySelectorAll("[data-state]")) {
    part.hidden = !part.dataset.state.split(" ").includes(state);
  }
  item.querySelector("[data-reason]").textContent = reason;
  item.querySelector("[data-again]").hidden = Boolean(confirm);
  item.querySelector("[data-anyway]").hidden = !confirm;
  item.classList.toggle("message--failed", state === "failed");
  item.classList.toggle("message--sending", state !== "failed");
  return item;
}

export function outboxBubbles(thread) {
  const arriving = new Map(); // client id: key of the message that stands for it
  const list = () => thread.querySelector("#thread");
  const conversation = () => Number(thread.closest("#workspace")?.dataset.conversation);
  const bubbleOf = (id) => document.getElementById(`outbox-${id}`);

  /* The message has come, by the server's word or by the socket before that. */
  function hasCome(id) {
    const pk = arriving.get(id);
    if (list().querySelector(`[data-client="${CSS.escape(id)}"]`)) return true;
    return pk !== undefined && document.getElementById(`message-${pk}`) !== null;
  }

  function draw() {
    const mine = (entry) => entry.conversation === conversation();
    const own = thread.isPart ? [] : entries().filter(mine); // they stand at the end
    const ids = new Set(own.map(({ id }) => id));
    for (const item of list().querySelectorAll("[data-outbox]")) {
      const { outbox } = item.dataset;
      if (hasCome(outbox) || !(ids.has(outbox) || arriving.has(outbox))) item.remove();
    }
    for (const entry of own) {
      if (hasCome(entry.id)) continue;
      const item = filled(bubbleOf(entry.id) ?? made(entry), entry);
      if (!item.isConnected) list().append(item);
    }
  }

  /* They stay the last: what arrives meanwhile was before them. */
  function keepLast() {
    const items = list().querySelectorAll("[data-outbox]");
    if (items.length) list().append(...items);
    draw();
  }

  function arrive({ detail: { id, message } }) {
    if (!bubbleOf(id)) return;
    arriving.set(id, message);
    window.setTimeout(() => {
      arriving.delete(id);
      if (thread.isConnected) draw();
    }, PATIENCE);
    thread.read();
  }

  async function act({ target }) {
    const id = target.closest("[data-outbox]")?.dataset.outbox;
    if (!id) return;
    if (target.closest("[data-again], [data-anyway]")) {
      resend(id, { seen: document.getElementById("thread-cursor")?.value });
    }
    if (!target.closest("[data-mend]")) return;
    const composer = document.querySelector("reply-composer");
    const { kind } = entryOf(id) ?? {};
    const isDone = composer?.form ? await composer.takeBack(kind, () => fix(id)) : await fix(id);
    const { unreachable } = document.getElementById("toasts").dataset;
    if (!isDone) emit("toast", { title: unreachable, tone: "danger" });
  }

  thread.on("outbox-changed", draw, { within: document });
  thread.on("outbox-sent", arrive, { within: document });
  thread.on("click", act);
  thread.on("htmx:afterSwap", ({ detail: { target } }) => {
    if (target === list() || target === thread) keepLast();
  });
  draw();
}
