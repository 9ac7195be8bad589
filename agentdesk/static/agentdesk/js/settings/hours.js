// The week of opening hours: add and remove intervals, copy one day to others.
import { typedByScript } from "../events.js";

const listOf = (day) => day.querySelector("[data-intervals]");

function add(day, opens, closes) {
  const row = day.querySelector("template").content.firstElementChild.cloneNode(true);
  const [from, to] = row.querySelectorAll("input");
  if (opens !== undefined) from.value = opens;
  if (closes !== undefined) to.value = closes;
  listOf(day).append(row);
  for (const input of [from, to]) typedByScript(input);
  return from;
}

function addAfterLast(day) {
  const last = listOf(day).lastElementChild;
  if (!last) return add(day);
  const end = last.querySelectorAll("input")[1].value;
  return add(day, end, "");
}

function copy(day, weekdays) {
  const intervals = [...listOf(day).children].map((row) =>
    [...row.querySelectorAll("input")].map((input) => input.value),
  );
  for (const other of day.closest("[data-hours]").querySelectorAll("[data-day]")) {
    if (other === day || !weekdays.includes(other.dataset.day)) continue;
    listOf(other).replaceChildren();
    for (const [opens, closes] of intervals) add(other, opens, closes);
  }
}

document.addEventListener("click", (event) => {
  const day = event.target.closest?.("[data-hours] [data-day]");
  if (!day) return;
  const adding = event.target.closest("[data-add-interval]");
  const removing = event.target.closest("[data-remove-interval]");
  const copying = event.target.closest("[data-copy-to]");
  if (adding) addAfterLast(day).focus();
  if (removing) {
    removing.closest("[data-interval]").remove();
    day.querySelector("[data-add-interval]").focus();
  }
  if (copying) {
    copy(day, copying.dataset.copyTo.split(","));
    copying.closest("[popover]").hidePopover();
  }
});
