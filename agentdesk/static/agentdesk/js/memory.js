/* Conversations that are opened from memory. The neighbours of the open one, the one under the pointer and
   the one that was left are read beforehand, one at a time, while nothing else is to do. Whatever signal
   concerns one makes it forgotten, and so does a minute. What is shown from memory is looked at again: the
   thread by how far the server says it has come, who may answer and what the inquiry is at once, by one
   request for both.
   A part of <inquiry-list>. */
import { emit } from "./events.js";

const MOST = 12;
const GOOD_FOR = 60_000;
const HOVERED = 60;
const HEADERS = { "HX-Request": "true", "X-Background": "1", "X-Beforehand": "1" };
const READ_AGAIN = ["inquiry-bar", "composer-state"];
const IN_PLACE = { swapStyle: "outerHTML", swapDelay: 0, settleDelay: 0 };
const known = new Map(); // key of a conversation: {html, at}, the newest at the end
let wanted = []; // [key, address]
let isReading = false;

const whenIdle = window.requestIdleCallback ?? ((act) => window.setTimeout(act, 200));

function isGood(key) {
  return Date.now() - (known.get(key)?.at ?? -Infinity) < GOOD_FOR;
}

function remember(key, html) {
  known.delete(key);
  known.set(key, { html, at: Date.now() });
  for (const oldest of [...known.keys()].slice(0, -MOST)) known.delete(oldest);
}

/* A signal that comes while one is being read may be of what was not read yet. */
async function read(key, address) {
  const began = { html: "", at: -Infinity };
  known.set(key, began);
  const answer = await fetch(address, { headers: HEADERS }).catch(() => null);
  const html = answer?.ok ? await answer.text() : "";
  if (known.get(key) !== began) return;
  if (html) remember(key, html);
  else known.delete(key);
}

async function readWanted() {
  if (isReading) return;
  isReading = true;
  while (wanted.length && !document.hidden) {
    const [key, address] = wanted.shift();
    if (!isGood(key)) await read(key, address);
  }
  isReading = false;
}

function partsOf(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  return new Map(READ_AGAIN.map((id) => [id, page.getElementById(id)?.outerHTML]));
}

/* What is as it was stays: a menu that was opened meanwhile, and the focus. What a signal has made read anew
   since, or is having read, is newer than this. */
async function readAgain(workspace, shown) {
  const began = new Map(READ_AGAIN.map((id) => [id, document.getElementById(id)]));
  const { opened } = workspace.dataset;
  const answer = await fetch(opened, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (answer?.status === 401) emit("session-locked", { retry: () => readAgain(workspace, shown) });
  if (!answer?.ok) return;
  const html = await answer.text();
  const [before, now] = [partsOf(shown), partsOf(html)];
  for (const [id, region] of began) {
    const isNewer = !region?.isConnected || region.classList.contains("htmx-request");
    if (isNewer || before.get(id) === now.get(id)) continue;
    window.htmx.swap(region, html, IN_PLACE, { select: `#${id}`, contextElement: region });
  }
}

/* What it concerns has changed: nobody sees it as it was. */
function forget({ ids = {}, topic = "" }) {
  const key = ids.conversation ?? topic.match(/^conversation:(\d+)$/)?.[1];
  if (key) known.delete(String(key));
  else if (ids.customer) known.clear();
}

export function openFromMemory(list) {
  let open = "";
  let hovering = 0;

  const workspace = () => document.getElementById("workspace");
  const rowOf = (key) => list.querySelector(`.entry[data-conversation="${key}"]`);

  function want(entries) {
    wanted = entries
      .filter((entry) => entry && entry.dataset.conversation !== open)
      .map((entry) => [entry.dataset.conversation, entry.getAttribute("hx-get")])
      .filter(([key]) => !isGood(key));
    if (wanted.length) whenIdle(readWanted);
  }

  /* A click or a key opens it: what is known is shown, and no request is made. */
  function show(event) {
    const { elt, requestConfig, target } = event.detail;
    const key = elt.dataset.conversation;
    if (!elt.matches(".entry") || target?.id !== "workspace" || !isGood(key)) return;
    event.preventDefault();
    const { html } = known.get(key);
    known.delete(key); // once it is open it changes
    window.htmx.trigger(target, "htmx:beforeSwap", { target, requestConfig, shouldSwap: true });
    history.pushState({ htmx: true }, "", elt.getAttribute("href"));
    window.htmx.swap(target, html, IN_PLACE, { eventInfo: { target, requestConfig }, contextElement: elt });
    readAgain(workspace(), html);
  }

  /* Another one is open: the two beside it may be next, or the one that was left. */
  function settled() {
    const now = workspace()?.dataset.conversation ?? "";
    if (now === open) return;
    const left = rowOf(open);
    open = now;
    const entries = [...list.querySelectorAll(".entry")];
    const at = entries.indexOf(rowOf(now));
    want([entries[at + 1], entries[at - 1], left]);
  }

  list.on("htmx:beforeRequest", show);
  list.on("live:signal", ({ detail }) => forget(detail), { within: document.body });
  list.on("live:reconnected", () => known.clear(), { within: document.body });
  list.on("htmx:afterSettle", settled, { within: document });
  list.on("pointerover", ({ target }) => {
    const entry = target.closest(".entry");
    window.clearTimeout(hovering);
    if (entry) hovering = window.setTimeout(() => want([entry]), HOVERED);
  });
  settled();
}
