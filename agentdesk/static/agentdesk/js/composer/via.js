/* The channel of the reply. #composer-via is read again whenever something may have changed it; what
   the agent has chosen, and the text, stay. A choice counts at once: the server only draws it. */
import { isComposing } from "../composing.js";
import { typedByScript } from "../events.js";
import { changed } from "./draft.js";

const STEPS = { ArrowDown: 1, ArrowUp: -1 };
const SHARED = ["textLimit", "textUnit", "splits", "countsSegments", "needsTemplate"];

export function via(composer) {
  const extras = new Map();
  let applied = null;
  let isStale = false;
  const { form } = composer;
  const reply = composer.field("reply");
  const root = () => composer.via;
  const menu = () => composer.querySelector("#via-menu");
  const held = (name) => root()?.querySelector(`input[name="${name}"]`);

  function refresh(values = {}) {
    const box = root();
    if (!box) return;
    window.htmx.ajax("GET", box.getAttribute("hx-get"), {
      source: box,
      target: box,
      swap: "outerHTML",
      values,
    });
  }

  /* Its name stands there before the answer does: a reply that leaves now goes where it says. */
  function name(value) {
    const option = menu()?.querySelector(`.via__option[data-pick="${CSS.escape(value)}"]`);
    const now = root().querySelector("[data-now]");
    if (!option || !now) return;
    const parts = option.querySelectorAll(".channel, .via__names, .via__state");
    now.replaceChildren(...[...parts].map((part) => part.cloneNode(true)));
  }

  function pick(value) {
    if (!root() || !value) return;
    held("via").value = value;
    held("via_chosen").value = "1";
    name(value);
    refresh({ picked: value });
    changed(composer);
  }

  /* Written once, said on another channel: behind what stands there already. */
  function write(text) {
    if (!reply || reply.readOnly || reply.value.includes(text)) return;
    reply.value = reply.value.trim() ? `${reply.value}\n${text}` : text;
    typedByScript(reply);
  }

  function cycle(step) {
    const open = [...(menu()?.querySelectorAll(".via__option[data-pick]") ?? [])];
    if (!open.length) return;
    const from = open.findIndex((option) => option.dataset.pick === held("via").value);
    const to = from < 0 ? 0 : (from + step + open.length) % open.length;
    pick(open[to].dataset.pick);
  }

  /* What a channel needs beside the text (a subject, a template) is put by while another is looked at. */
  function keepExtras(box) {
    const shown = composer.querySelector("#composer-extra");
    if (!shown || shown.dataset.via === (box.dataset.via ?? "")) return;
    if (shown.childElementCount) extras.set(shown.dataset.via, shown);
    const kept = extras.get(box.dataset.via);
    if (kept && kept.dataset.names === box.dataset.names) {
      shown.replaceWith(kept);
    } else if (box.dataset.names) {
      window.htmx.ajax("GET", `${box.dataset.extra}?via=${encodeURIComponent(box.dataset.via)}`, {
        target: shown,
        swap: "outerHTML",
      });
    } else {
      const empty = shown.cloneNode(false);
      Object.assign(empty.dataset, { via: box.dataset.via ?? "", names: "" });
      shown.replaceWith(empty);
    }
  }

  function apply() {
    const box = root();
    if (!box || box === applied) return;
    applied = box;
    for (const key of SHARED) {
      if (key in box.dataset) form.dataset[key] = box.dataset[key];
      else delete form.dataset[key];
    }
    keepExtras(box);
    composer.emit("via-changed", box.dataset);
  }

  /* In the menu and beside a message that could not be sent. */
  const onPick = ({ target }) => {
    const button = target.closest?.("[data-pick]");
    if (!button) return;
    if (button.dataset.write) write(button.dataset.write);
    pick(button.dataset.pick);
    composer.toReply();
    composer.writingPlace()?.focus();
  };
  composer.on("click", onPick, { within: document });

  composer.on("keydown", (event) => {
    const step = STEPS[event.key];
    if (!step || !event.altKey || event.ctrlKey || event.metaKey || isComposing(event)) return;
    if (!event.target.matches("#composer-reply, .mail-editor")) return;
    event.preventDefault();
    cycle(step);
  });

  composer.on("htmx:configRequest", ({ detail }) => {
    if (detail.elt !== root()) return;
    detail.parameters.kept = reply?.value.trim() ? "1" : "";
  });

  composer.on("draft-gather", ({ detail }) => {
    detail.via = held("via")?.value ?? "";
    detail.usual = held("via_usual")?.value ?? "";
  });

  /* Nothing is taken away under the hand that chooses. */
  composer.on("htmx:beforeSwap", ({ detail }) => {
    if (detail.target?.id !== "composer-via" || !menu()?.matches(":popover-open")) return;
    detail.shouldSwap = false;
    isStale = true;
  });

  composer.on(
    "toggle",
    ({ target, newState }) => {
      if (target.id !== "via-menu" || newState === "open" || !isStale) return;
      isStale = false;
      refresh();
    },
    { capture: true },
  );

  /* The choice was for this reply; the next one follows the customer again when they write. */
  composer.on("reply-sent", () => {
    if (held("via_chosen")) held("via_chosen").value = "";
    extras.clear();
  });
  composer.on("htmx:afterSettle", apply);
  apply();
}
