/* <inquiry-list>: the list of the desk. It reads itself again as any live region; here, which row is open,
   and moving through the rows with J and K. */
import { LiveRegion } from "./live-region.js";
import { openFromMemory } from "./memory.js";

function workspace() {
  return document.getElementById("workspace")?.dataset ?? {};
}

class InquiryList extends LiveRegion {
  begin() {
    super.begin();
    const page = { within: document };
    this.on("click", ({ target }) => this.#clicked(target), page);
    this.on("open-conversation", ({ detail }) => this.#open(detail.url), page);
    this.on("htmx:afterSettle", ({ detail }) => this.#settled(detail), page);
    this.#mark();
    openFromMemory(this);
  }

  /* Read by a colleague, or elsewhere: only the dot goes. */
  received({ kind, ids }) {
    if (kind !== "conversation_read") return;
    const entry = this.querySelector(`.entry[data-conversation="${ids.conversation}"]`);
    entry?.classList.remove("entry--unread");
    entry?.querySelector("[data-unread]")?.remove();
  }

  get #entries() {
    return [...this.querySelectorAll(".entry")];
  }

  #mark() {
    const { conversation } = workspace();
    for (const entry of this.#entries) {
      const isOpen = entry.dataset.conversation === conversation;
      if (isOpen === entry.hasAttribute("aria-current")) continue;
      if (isOpen) entry.setAttribute("aria-current", "true");
      else entry.removeAttribute("aria-current");
    }
  }

  /* Rows that a later page repeats after the first one was read again. */
  #dropRepeats() {
    const seen = new Set();
    for (const entry of this.#entries) {
      if (seen.has(entry.id)) entry.closest(".entry-row").remove();
      else seen.add(entry.id);
    }
  }

  /* The keys press buttons that stand beside the list. */
  #clicked(target) {
    const step = target.closest?.("[data-move]")?.dataset.move;
    if (step) this.#move(Number(step));
  }

  #move(step) {
    const entries = this.#entries;
    if (!entries.length) return;
    const { conversation } = workspace();
    const at = entries.findIndex((entry) => entry.dataset.conversation === conversation);
    const next = entries[at < 0 ? 0 : Math.min(Math.max(at + step, 0), entries.length - 1)];
    if (!next || entries.indexOf(next) === at) return;
    next.scrollIntoView({ block: "nearest" });
    next.focus({ preventScroll: true });
    next.click();
  }

  /* The server names the conversation to go on with; to htmx this is the user's own click. */
  #open(url) {
    const how = { target: "#workspace", swap: "outerHTML", event: new Event("click") };
    window.htmx.ajax("GET", url, how);
  }

  #settled({ target, elt }) {
    if (target?.id === this.id || this.contains(elt)) this.#dropRepeats();
    this.#mark();
    const { title } = workspace();
    if (title && !document.title.includes(title)) {
      document.title = document.title.replace(/^(\(\d+\) )?.*$/, `$1${title} | Agentdesk`);
    }
  }
}

customElements.define("inquiry-list", InquiryList);
