/* A reply and what comes after it, by one key or the menu beside the send button: the inquiry is closed or
   snoozed with it, in one request, or the next one is taken once it has gone. What has to be chosen is
   entered in the picker, above that button. Where the server wants a confirmation, its answer still has all
   that was chosen; a plain send has none of it. */
import { isComposing } from "../composing.js";

const KEYS = { Shift: "close", Alt: "snooze" }; // beside Ctrl/⌘

function verbOf(event) {
  if (event.key !== "Enter" || isComposing(event)) return "";
  const isCommand = event.ctrlKey || event.metaKey;
  if (!isCommand) return event.altKey && !event.shiftKey ? "next" : "";
  const held = ["Shift", "Alt"].filter((name) => event.getModifierState(name));
  return held.length === 1 ? KEYS[held[0]] : "";
}

export function afterSend(composer) {
  const { form } = composer;
  const button = form.querySelector("#send-more");
  const itemOf = (verb) => composer.querySelector(`[data-after-send="${verb}"]`);
  let chosen = null; // what goes with the message: { then, reason … , next }
  let isOurs = false;

  function send(values) {
    chosen = values;
    isOurs = true;
    form.requestSubmit();
  }

  /* One who has given the inquiry its reason need not choose it again. */
  function knownReason() {
    return document.querySelector("#inquiry-bar [data-reason]")?.dataset.reason ?? "";
  }

  function ask(verb) {
    const { pickerAddress, hint } = itemOf(verb).dataset;
    const data = { picker: pickerAddress, pickerAsks: verb, pickerAbove: "", pickerHint: hint };
    Object.assign(button.dataset, { ...data, pickerLabel: itemOf(verb).querySelector(".menu__text").textContent });
    composer.emit("picker-wanted", { button });
  }

  function begin(verb) {
    if (composer.kind !== "reply" || composer.isLocked()) return;
    const reason = knownReason();
    if (verb === "next") send({ next: "1" });
    else if (verb === "close" && reason) send({ then: "close", reason });
    else ask(verb);
  }

  composer.on("keydown", (event) => {
    const verb = composer.kind === "reply" && form.contains(event.target) ? verbOf(event) : "";
    if (!verb) return;
    event.preventDefault();
    begin(verb);
  });
  const click = ({ target }) => {
    const verb = target.closest("[data-after-send]")?.dataset.afterSend;
    if (verb) begin(verb);
    if (target.closest("[data-send-anyway]")) isOurs = true;
  };
  composer.on("click", click, { capture: true });
  composer.on("picked", ({ detail }) => send({ then: button.dataset.pickerAsks, ...detail.values }));
  const settle = () => {
    if (!isOurs) chosen = null;
    isOurs = false;
  };
  composer.on("submit", settle, { capture: true }); // before htmx makes its request of it
  composer.on("htmx:configRequest", ({ detail }) => {
    if (detail.elt !== form || detail.verb !== "post" || !chosen || composer.kind !== "reply") return;
    const { next, ...values } = chosen;
    for (const [name, value] of Object.entries(values)) detail.parameters[name] = value;
  });
  composer.on("composer-refused", () => {
    chosen = null;
  });
  composer.on("composer-sent", () => {
    const goesOn = Boolean(chosen?.next);
    chosen = null;
    if (goesOn) document.querySelector('[data-shortcut="n"]')?.click();
  });
}
