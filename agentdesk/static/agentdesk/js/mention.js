/* @ in a note offers the colleagues of the account. Arrow keys choose, Enter or Tab takes, Esc leaves;
   nothing happens while an IME composes. */
let members = null;
let loadedFrom = "";
let at = -1;
let chosen = 0;

const list = () => document.getElementById("mention-list");

async function load() {
  const address = list()?.dataset.members;
  if (!address || address === loadedFrom) return;
  loadedFrom = address;
  const answer = await fetch(address, { headers: { "X-Background": "1" } });
  members = answer.ok ? (await answer.json()).members : [];
}

function wanted(field) {
  const before = field.value.slice(0, field.selectionStart);
  const found = before.match(/[@＠]([^\s@＠]{0,20})$/);
  at = found ? before.length - found[1].length - 1 : -1;
  return found ? found[1].toLowerCase() : null;
}

function matching(text) {
  return (members ?? [])
    .filter(({ name, key }) => (name + key).toLowerCase().replace(/\s/g, "").includes(text))
    .slice(0, 8);
}

function hide() {
  if (list()?.matches(":popover-open")) list().hidePopover();
}

function draw(field, found) {
  const box = list();
  box.replaceChildren(
    ...found.map(({ name }, index) => {
      const item = document.createElement("li");
      item.className = "menu__item";
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", String(index === chosen));
      item.id = `mention-${index}`;
      item.textContent = name;
      item.addEventListener("pointerdown", (event) => {
        event.preventDefault();
        take(field, name);
      });
      return item;
    }),
  );
  if (!box.matches(":popover-open")) box.showPopover();
  const place = field.getBoundingClientRect();
  box.style.left = `${place.left + 12}px`;
  box.style.top = `${place.top - box.offsetHeight - 4}px`;
  field.setAttribute("aria-activedescendant", `mention-${chosen}`);
}

function take(field, name) {
  const before = field.value.slice(0, at);
  const after = field.value.slice(field.selectionStart);
  field.value = `${before}@${name} ${after}`;
  const caret = before.length + name.length + 2;
  field.setSelectionRange(caret, caret);
  hide();
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

async function offer(field) {
  const text = wanted(field);
  if (text === null) {
    hide();
    return;
  }
  await load();
  const found = matching(text);
  chosen = Math.min(chosen, Math.max(found.length - 1, 0));
  if (found.length && document.activeElement === field) draw(field, found);
  else hide();
}

document.addEventListener("input", (event) => {
  if (event.isComposing || !event.target.matches?.("[data-mentions]")) return;
  chosen = 0;
  offer(event.target);
});
document.addEventListener("compositionend", ({ target }) => {
  if (target.matches?.("[data-mentions]")) offer(target);
});
document.addEventListener(
  "keydown",
  (event) => {
    if (!list()?.matches(":popover-open") || event.isComposing || event.keyCode === 229) return;
    const found = [...list().children];
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const step = event.key === "ArrowDown" ? 1 : -1;
      chosen = (chosen + step + found.length) % found.length;
      offer(event.target);
    } else if ((event.key === "Enter" || event.key === "Tab") && !event.ctrlKey && !event.metaKey) {
      take(event.target, found[chosen].textContent);
    } else if (event.key === "Escape") {
      hide();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  },
  true,
);
document.addEventListener("focusout", ({ target }) => {
  if (target.matches?.("[data-mentions]")) hide();
});
