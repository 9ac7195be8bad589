/* <screen-help>, in the dialog that `?` opens: its words come with the first opening, and a search narrows
   words and keys alike. <first-day>: what is put away there comes back from the help. */
import { emit } from "./events.js";
import { fold } from "./fold.js";
import { LiveElement } from "./live-element.js";

class ScreenHelp extends LiveElement {
  begin() {
    this.search = this.querySelector("[data-help-search]");
    const opened = ({ target }) => target.closest?.('[data-open-dialog="shortcuts"]') && this.#open();
    this.on("click", opened, { within: document });
    this.on("input", () => this.#filter());
    this.on("htmx:afterSwap", () => this.#filter());
  }

  #open() {
    this.search.value = "";
    this.#filter();
    this.search.focus();
    for (const part of this.querySelectorAll("[data-help-part]")) window.htmx.trigger(part, "help-opened");
  }

  #filter() {
    const wanted = fold(this.search.value).split(/\s+/).filter(Boolean);
    const rows = [...this.querySelectorAll("[data-help-row], [data-shortcut-list] > li")];
    for (const row of rows) {
      const words = fold(row.textContent);
      row.hidden = !wanted.every((word) => words.includes(word));
    }
    this.querySelector("[data-help-none]").hidden = rows.some((row) => !row.hidden);
  }
}

class FirstDay extends LiveElement {
  begin() {
    this.on("click", ({ target }) => {
      const { url } = this.dataset;
      if (target.closest("[data-put-away]")) {
        emit("save-preference", { url, name: "hides_first_day", value: "on" });
        this.remove();
        emit("focus-home");
      }
      const back = target.closest("[data-bring-back]");
      if (back) {
        emit("save-preference", { url, name: "hides_first_day", value: "off" });
        back.remove();
      }
    });
  }
}

customElements.define("screen-help", ScreenHelp);
customElements.define("first-day", FirstDay);
