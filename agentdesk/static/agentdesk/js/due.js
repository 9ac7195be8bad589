/* Quick choices beside a date and time, on the clock of the member's own time zone:
   data-due="+60" is in so many minutes, "0 17:00" today, "1 10:00" tomorrow, "monday 10:00" the next
   one. A choice that has passed is not shown. */
import { typedByScript } from "./events.js";

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

function refresh(root = document) {
  for (const button of root.querySelectorAll?.("[data-due]") ?? []) {
    button.hidden = !resolve(button.dataset.due, button.closest("[data-zone]").dataset.zone);
  }
}

document.addEventListener("click", ({ target }) => {
  const button = target.closest?.("[data-due]");
  if (!button) return;
  const { zone, fills } = button.closest("[data-zone]").dataset;
  const field = document.getElementById(fills);
  field.value = resolve(button.dataset.due, zone);
  typedByScript(field);
});

document.addEventListener("htmx:load", ({ detail }) => refresh(detail.elt));
window.setInterval(refresh, 20000);
refresh();
