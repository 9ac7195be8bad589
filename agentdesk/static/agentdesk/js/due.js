/* <due-choices data-zone data-fills="id of the field">: quick choices beside a date and time, on the clock of the member's own time zone:
   data-due="+60" is in so many minutes, "0 17:00" today, "1 10:00" tomorrow, "monday 10:00" the next
   one. A choice that has passed is not shown. */
import { typedByScript } from "./events.js";
import { LiveElement } from "./live-element.js";

const REFRESH_EVERY = 20_000;

function wall(moment, timeZone) {
  const parts = { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" };
  const said = new Intl.DateTimeFormat("sv-SE", { ...parts, timeZone }).format(moment);
  return said.replace(" ", "T");
}

function resolve(due, timeZone) {
  const now = wall(Date.now(), timeZone);
  if (due.startsWith("+")) return wall(Date.now() + Number(due) * 60000, timeZone);
  const [day, time] = due.split(" ");
  const date = new Date(`${now.slice(0, 10)}T00:00Z`);
  const days = day === "monday" ? 7 - ((date.getUTCDay() + 6) % 7) : Number(day);
  date.setUTCDate(date.getUTCDate() + days);
  const value = `${date.toISOString().slice(0, 10)}T${time}`;
  return value > now ? value : "";
}

class DueChoices extends LiveElement {
  #timer = 0;

  begin() {
    this.on("click", ({ target }) => this.#choose(target.closest("[data-due]")));
    this.#timer = window.setInterval(() => this.#refresh(), REFRESH_EVERY);
    this.#refresh();
  }

  end() {
    window.clearInterval(this.#timer);
  }

  #resolve({ dataset }) {
    return resolve(dataset.due, this.dataset.zone);
  }

  #refresh() {
    for (const button of this.querySelectorAll("[data-due]")) button.hidden = !this.#resolve(button);
  }

  #choose(button) {
    if (!button) return;
    const field = document.getElementById(this.dataset.fills);
    field.value = this.#resolve(button);
    typedByScript(field);
  }
}

customElements.define("due-choices", DueChoices);
