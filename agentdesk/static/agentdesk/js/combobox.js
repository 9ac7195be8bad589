/* A list of options that a field goes through while the focus stays in the field: one is active, arrow
   keys move it. What fills the list, and what a choice does, its users say. Nothing is done with a key
   that an IME composes with; that is theirs to ask before. */
export class Combobox {
  /* Both as functions: fields come and go, and some share a list. */
  constructor({ field, list }) {
    this.fieldOf = field;
    this.listOf = list;
  }

  get options() {
    return [...(this.listOf()?.querySelectorAll("[role=option]") ?? [])];
  }

  get active() {
    return this.listOf()?.querySelector('[role=option][aria-selected="true"]') ?? null;
  }

  get isOpen() {
    return Boolean(this.listOf()?.matches(":popover-open, [open]"));
  }

  activate(option) {
    for (const other of this.options) other.setAttribute("aria-selected", String(other === option));
    if (option) {
      this.fieldOf()?.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else this.leave();
  }

  leave() {
    this.fieldOf()?.removeAttribute("aria-activedescendant");
  }

  /* True where the key moved, or would have moved, the active option. */
  move(key) {
    const step = stepOf(key);
    if (!step) return false;
    const all = this.options;
    if (all.length) this.activate(stepped(all, this.active, step));
    return true;
  }

  /* The pointer must not take the focus out of the field before the click arrives. */
  keepFocus(event) {
    if (event.target.closest("[role=option]")) event.preventDefault();
  }
}

export function stepOf(key) {
  return { ArrowDown: 1, ArrowUp: -1 }[key] ?? 0;
}

/* The next one, and behind the last the first again; before the first one is the last. */
export function stepped(all, from, step) {
  const at = all.indexOf(from);
  if (at < 0) return step > 0 ? all[0] : all.at(-1);
  return all[(at + step + all.length) % all.length];
}
