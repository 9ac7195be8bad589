/* The help that `?` opens: its words come with the first opening, a search narrows words and keys alike.
   The first day: what is put away there comes back from the help. */
import { emit } from "./events.js";
import { fold } from "./fold.js";

const dialog = () => document.getElementById("shortcuts");

function filter() {
  const wanted = fold(dialog().querySelector("[data-help-search]").value).split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const row of dialog().querySelectorAll("[data-help-row], [data-shortcut-list] > li")) {
    const words = fold(row.textContent);
    row.hidden = !wanted.every((word) => words.includes(word));
    shown += row.hidden ? 0 : 1;
  }
  dialog().querySelector("[data-help-none]").hidden = shown > 0;
}

function open() {
  const search = dialog().querySelector("[data-help-search]");
  search.value = "";
  filter();
  search.focus();
  for (const part of dialog().querySelectorAll("[data-help-part]")) window.htmx.trigger(part, "help-opened");
}

function keepFirstDay(button, url, value) {
  emit("save-preference", { url, name: "hides_first_day", value });
  if (value === "on") {
    button.closest("[data-first-day]").remove();
    emit("focus-home");
  } else button.remove();
}

document.addEventListener("click", ({ target }) => {
  if (target.closest?.('[data-open-dialog="shortcuts"]') && dialog()) open();
  const hide = target.closest?.("[data-first-day-hidden]");
  if (hide) keepFirstDay(hide, hide.dataset.firstDayHidden, "on");
  const show = target.closest?.("[data-first-day-shown]");
  if (show) keepFirstDay(show, show.dataset.firstDayShown, "off");
});
document.addEventListener("input", ({ target }) => {
  if (target.matches?.("[data-help-search]")) filter();
});
document.addEventListener("htmx:afterSwap", ({ target }) => {
  if (target.closest?.("#shortcuts")) filter();
});
