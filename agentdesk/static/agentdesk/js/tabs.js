/* <tab-list role="tablist">: tabs inside a page. Arrow keys move, the panel of the selected one shows. */
import { LiveElement } from "./live-element.js";

class TabList extends LiveElement {
  begin() {
    this.on("click", ({ target }) => this.#select(target.closest("[role=tab]")));
    this.on("keydown", (event) => this.#key(event));
  }

  #select(tab) {
    if (!tab) return;
    for (const other of this.querySelectorAll("[role=tab]")) {
      const chosen = other === tab;
      other.setAttribute("aria-selected", String(chosen));
      other.tabIndex = chosen ? 0 : -1;
      const panel = document.getElementById(other.getAttribute("aria-controls"));
      if (panel) panel.hidden = !chosen;
    }
  }

  #key(event) {
    const tabs = [...this.querySelectorAll("[role=tab]")];
    const from = tabs.indexOf(event.target.closest("[role=tab]"));
    if (from < 0) return;
    const target = {
      ArrowRight: tabs[(from + 1) % tabs.length],
      ArrowLeft: tabs.at(from - 1),
      Home: tabs[0],
      End: tabs.at(-1),
    }[event.key];
    if (!target) return;
    event.preventDefault();
    this.#select(target);
    target.focus();
  }
}

customElements.define("tab-list", TabList);
