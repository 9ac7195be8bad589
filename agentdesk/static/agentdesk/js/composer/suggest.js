/* What a text field offers while one types a word behind a sign (@, /). Arrow keys choose, Enter or
   Tab takes, Esc leaves until another such word is begun; nothing happens while an IME composes.

   composer: what the fields stand in, by whose `on` it listens; fields: selector of the fields; box: id
   of a manual popover; trigger: what stands before the caret, its first group being what is searched;
   fill(box, query, signal): puts [role=option] into the box;
   textOf(option): the text in its stead, or a promise of it. */
import { Combobox } from "../combobox.js";
import { isComposing } from "../composing.js";
import { emit } from "../events.js";
import { insertText } from "../insert-text.js";

const GAP = 4;
const MOST_HIGH = 400;

export function suggest(composer, { fields, box: id, trigger, fill, textOf }) {
  let at = -1; // where the word begins, its sign included
  let left = -1; // the word that Esc was pressed in
  let forced = -1; // opened by a button: the word begins here, without a sign
  let asked = null;
  let offered = Promise.resolve();

  const box = () => composer.querySelector(`#${id}`);
  const offers = new Combobox({ field: () => document.activeElement, list: box });

  function wanted(field) {
    const before = field.value.slice(0, field.selectionStart);
    if (forced >= 0) {
      const query = before.slice(forced);
      at = forced;
      if (forced <= before.length && !/\s/.test(query)) return query;
      forced = -1;
    }
    const found = before.match(trigger);
    at = found ? before.length - found[1].length - 1 : -1;
    if (at !== left) left = -1;
    return found && at !== left ? found[1] : null;
  }

  function hide() {
    asked?.abort();
    asked = null;
    if (!offers.isOpen) return;
    box().hidePopover();
    offers.leave();
    document.activeElement?.removeAttribute("aria-controls");
  }

  function show(field) {
    if (!offers.isOpen) box().showPopover();
    field.setAttribute("aria-controls", id);
    const place = (field.closest("[data-composer]") ?? field).getBoundingClientRect();
    box().style.maxHeight = `${Math.min(Math.max(place.top - 4 * GAP, 120), MOST_HIGH)}px`;
    const rightmost = document.documentElement.clientWidth - box().offsetWidth - GAP;
    box().style.left = `${Math.max(Math.min(place.left + 3 * GAP, rightmost), GAP)}px`;
    box().style.top = `${Math.max(place.top - box().offsetHeight - GAP, GAP)}px`;
    offers.activate(offers.options[0]);
  }

  async function offer(field) {
    const query = wanted(field);
    if (query === null || !box()) {
      hide();
      return;
    }
    asked?.abort();
    asked = new AbortController();
    const { signal } = asked;
    try {
      await fill(box(), query, signal);
    } catch {
      return; // overtaken by the next key, or offline: the next key asks again
    }
    if (signal.aborted || document.activeElement !== field) return;
    if (offers.options.length || forced >= 0) show(field);
    else hide();
  }

  async function take(field) {
    const option = offers.active;
    if (!offers.isOpen || !option) return;
    const from = at;
    const word = field.value.slice(from, field.selectionStart);
    forced = -1;
    hide();
    const text = await textOf(option);
    if (text === null) return;
    const isThere = field.value.slice(from, from + word.length) === word;
    const start = isThere ? from : field.selectionStart;
    insertText(field, start, isThere ? from + word.length : start, text);
    emit("suggested", { start, text }, { from: field, bubbles: true });
  }

  function leave() {
    left = forced >= 0 ? -1 : at;
    forced = -1;
    hide();
  }

  function begin(field) {
    offered = offer(field);
  }

  composer.on("input", (event) => {
    if (event.isComposing || event.target !== document.activeElement) return;
    if (event.target.matches(fields)) begin(event.target);
  });
  composer.on("compositionend", ({ target }) => {
    if (target.matches(fields)) begin(target);
  });
  composer.on(
    "keydown",
    (event) => {
      const field = event.target;
      if (!field.matches(fields) || !offers.isOpen) return;
      if (isComposing(event)) return;
      const isPlain = !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
      if (event.key === "Escape") leave();
      else if ((event.key === "Enter" || event.key === "Tab") && isPlain && offers.options.length) {
        offered.then(() => take(field));
      } else if (!offers.move(event.key)) return;
      event.preventDefault();
      event.stopPropagation();
    },
    { capture: true },
  );
  composer.on("pointerdown", (event) => {
    const option = event.target.closest(`#${id} [role=option]`);
    const field = document.activeElement;
    if (!option || !field?.matches(fields)) return;
    event.preventDefault();
    offers.activate(option);
    take(field);
  });
  composer.on("focusout", ({ target, relatedTarget }) => {
    if (!target.matches(`${fields}, #${id} *`)) return;
    if (relatedTarget?.closest?.(`#${id}`) || relatedTarget?.matches(fields)) return;
    forced = -1;
    hide();
  });

  return {
    /* Offer everything at the caret, without a sign; what is typed then is searched. */
    open(field) {
      field.focus();
      forced = field.selectionStart;
      begin(field);
    },
    again: begin,
  };
}
