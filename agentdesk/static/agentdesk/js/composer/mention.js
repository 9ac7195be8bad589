/* @ in a note offers the colleagues of the account. */
import { fold } from "../fold.js";
import { suggest } from "./suggest.js";

const MOST = 8;
let members = [];
let loadedFrom = "";

async function load(address, signal) {
  if (!address || address === loadedFrom) return;
  const answer = await fetch(address, { headers: { "X-Background": "1" }, signal });
  members = answer.ok ? (await answer.json()).members : [];
  loadedFrom = address;
}

function matching(query) {
  const text = fold(query);
  return members.filter(({ words }) => words.some((one) => one.includes(text))).slice(0, MOST);
}

function option({ name, kana }, index) {
  const item = document.createElement("li");
  item.className = "menu__item";
  item.setAttribute("role", "option");
  item.id = `mention-${index}`;
  item.textContent = name;
  item.dataset.name = name;
  if (kana) {
    const reading = document.createElement("span");
    reading.className = "menu__hint";
    reading.textContent = kana;
    item.append(" ", reading);
  }
  return item;
}

export function mentions(composer) {
  suggest(composer, {
    fields: "[data-mentions]",
    box: "mention-list",
    trigger: /[@＠]([^\s@＠]{0,20})$/,
    async fill(box, query, signal) {
      await load(box.dataset.members, signal);
      box.replaceChildren(...matching(query).map(option));
    },
    textOf: (item) => `@${item.dataset.name} `,
  });
}
