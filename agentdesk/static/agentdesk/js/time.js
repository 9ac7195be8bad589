/* Clocks that tick without a request, in the page's language, by the server's time.
   <time data-relative datetime=…>      "3 minutes ago"
   <time data-elapsed="ISO">            4:07, since then (calls)
   <time data-waiting="ISO">            6分 / 6m, since then (lists)
   <time data-remaining="ISO">          the same, until then
   <b data-seconds-left="ISO">          42, counting down to 0
   [data-expires="ISO"]                 hears "expired" when that has come
   With data-warn and data-breach (after so many seconds) the closest .waiting gets its tone. */
import { emit } from "./events.js";

const root = document.documentElement;
const said = document.querySelector('meta[name="server-time"]')?.content;
const offset = said ? Date.parse(said) - Date.now() : 0;
const STEPS = [
  ["day", 86400],
  ["hour", 3600],
  ["minute", 60],
];
/* 6分 and 6m; the narrow form of Japanese would be 6m as well, the short one has a space. */
const isJapanese = root.lang === "ja";
const narrow = isJapanese ? "short" : "narrow";
const relative = new Intl.RelativeTimeFormat(root.lang, { numeric: "auto" });
const units = Object.fromEntries(
  ["day", "hour", "minute"].map((unit) => [
    unit,
    new Intl.NumberFormat(root.lang, { style: "unit", unit, unitDisplay: narrow }),
  ]),
);

function secondsSince(moment) {
  return Math.round((Date.now() + offset - Date.parse(moment)) / 1000);
}

function write(element, text) {
  const words = isJapanese ? text.replace(/\s/g, "") : text;
  if (words && element.textContent !== words) element.textContent = words;
}

function clock(seconds) {
  const total = Math.max(0, seconds);
  const two = (number) => String(number).padStart(2, "0");
  const hours = Math.floor(total / 3600);
  const minutes = Math.floor((total % 3600) / 60);
  const rest = two(total % 60);
  return hours ? `${hours}:${two(minutes)}:${rest}` : `${minutes}:${rest}`;
}

function short(seconds) {
  const total = Math.abs(seconds);
  const [unit, size] = STEPS.find(([, length]) => total >= length) ?? ["minute", 60];
  return units[unit].format(Math.floor(total / size));
}

function ago(seconds) {
  const [unit, size] = STEPS.find(([, length]) => Math.abs(seconds) >= length) ?? [];
  return unit ? relative.format(-Math.trunc(seconds / size), unit) : relative.format(0, "second");
}

function tone(element, seconds) {
  const { warn, breach } = element.dataset;
  if (!warn && !breach) return;
  const holder = element.closest(".waiting") ?? element;
  let value = "neutral";
  if (warn && seconds >= Number(warn)) value = "warning";
  if (breach && seconds >= Number(breach)) value = "danger";
  if (holder.dataset.tone !== value) holder.dataset.tone = value;
}

function each(scope, name, show) {
  const selector = `[data-${name}]`;
  const found = [...(scope.querySelectorAll?.(selector) ?? [])];
  if (scope.matches?.(selector)) found.push(scope);
  for (const element of found) {
    const seconds = secondsSince(element.getAttribute(`data-${name}`) || element.dateTime);
    if (Number.isFinite(seconds)) write(element, show(seconds));
    tone(element, seconds);
  }
}

function expire(scope) {
  for (const element of scope.querySelectorAll?.("[data-expires]") ?? []) {
    if (secondsSince(element.dataset.expires) < 0 || "expired" in element.dataset) continue;
    element.dataset.expired = "";
    emit("expired", {}, { from: element, bubbles: true });
  }
}

function tick(scope) {
  each(scope, "elapsed", clock);
  each(scope, "seconds-left", (seconds) => String(Math.max(0, -seconds)));
  expire(scope);
}

function turn(scope) {
  each(scope, "relative", ago);
  each(scope, "waiting", short);
  each(scope, "remaining", (seconds) => (seconds > 0 ? `+${short(seconds)}` : short(seconds)));
}

function all(scope) {
  tick(scope);
  turn(scope);
}

all(document);
window.setInterval(tick, 1000, document);
window.setInterval(turn, 10000, document);
document.addEventListener("htmx:load", ({ detail }) => all(detail.elt));
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) all(document);
});
