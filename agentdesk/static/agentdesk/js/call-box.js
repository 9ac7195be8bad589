/* The call box: a combobox whose options the server writes. Type, arrow, Enter; a code among the
   options is tried only when it is chosen. Requests that are overtaken are given up. */
const WAIT = 120;
const box = document.querySelector("[data-call-box]");
const input = box?.querySelector("[role=combobox]");
const list = box?.querySelector("[role=listbox]");
const count = box?.querySelector("[data-call-count]");
let timer = 0;
let asked = null;
let shown = "";
let wanted = null; // what Enter was pressed for before the answer had come: { calls }
let isTyped = false; // what stands there since the field was entered, by this hand

function options() {
  return [...list.querySelectorAll("[role=option]")];
}

function activeOption() {
  return list.querySelector("[role=option][aria-selected=true]");
}

function activate(option) {
  for (const other of options()) other.setAttribute("aria-selected", String(other === option));
  if (option) {
    input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  } else {
    input.removeAttribute("aria-activedescendant");
  }
}

function open() {
  if (!list.matches(":popover-open")) list.showPopover();
  input.setAttribute("aria-expanded", "true");
}

function close() {
  if (list.matches(":popover-open")) list.hidePopover();
  input.setAttribute("aria-expanded", "false");
  input.removeAttribute("aria-activedescendant");
  wanted = null;
}

function forget() {
  window.clearTimeout(timer);
  asked?.abort();
  asked = null;
}

function tell(number) {
  const { one, many, none } = count.dataset;
  count.textContent = number === 0 ? none : number === 1 ? one : many.replace("{n}", number);
}

function show(query, html) {
  list.innerHTML = html;
  shown = query;
  const found = options();
  open();
  activate(found[0]);
  tell(found.length);
  if (wanted) choose(activeOption(), wanted);
}

async function ask() {
  const query = input.value.trim();
  forget();
  if (!query) {
    shown = "";
    list.replaceChildren();
    close();
    return;
  }
  asked = new AbortController();
  const { signal } = asked;
  try {
    const url = `${box.dataset.findUrl}?q=${encodeURIComponent(query)}`;
    const answer = await fetch(url, { signal, headers: { "HX-Request": "true" } });
    if (answer.status === 401) {
      document.dispatchEvent(new CustomEvent("session-locked", { detail: { retry: ask } }));
      return;
    }
    if (!answer.ok) throw new Error(String(answer.status));
    const html = await answer.text();
    if (!signal.aborted) show(query, html);
  } catch {
    if (signal.aborted) return;
    const words = document.createElement("p");
    words.className = "call-results__none";
    words.textContent = list.dataset.offline;
    list.replaceChildren(words);
    wanted = null;
    open();
  }
}

function soon() {
  window.clearTimeout(timer);
  timer = window.setTimeout(ask, WAIT);
}

/* A number or a code begins the call; a name, an order or a reference opens the place of that person,
   unless a call is asked for. */
function choose(option, { calls = false } = {}) {
  wanted = null;
  if (!option || box.hasAttribute("aria-busy")) return;
  if (option.dataset.open && !calls) {
    window.location.assign(option.dataset.open);
    return;
  }
  for (const name of ["customer", "account", "number", "code"]) {
    box.elements[name].value = option.dataset[name] ?? "";
  }
  box.requestSubmit();
}

function move(step) {
  const all = options();
  if (!all.length) return;
  const from = all.indexOf(activeOption());
  activate(all[(from + step + all.length) % all.length]);
}

/* Words of an earlier search, which `/` has only selected, are shown again before they do anything. */
function enter(how) {
  if (!input.value.trim()) return;
  if (!isTyped) {
    isTyped = true;
    ask();
  } else if (shown === input.value.trim() && list.matches(":popover-open")) {
    choose(activeOption(), how);
  } else {
    wanted = how;
    ask();
  }
}

function onKey(event) {
  if (event.isComposing || event.keyCode === 229) return;
  const { key } = event;
  if (key === "ArrowDown" || key === "ArrowUp") {
    isTyped = true;
    if (!list.matches(":popover-open")) soon();
    else move(key === "ArrowDown" ? 1 : -1);
  } else if (key === "Enter") {
    enter({ calls: event.ctrlKey || event.metaKey });
  } else if (key === "Escape" && list.matches(":popover-open")) {
    forget();
    close();
  } else if (key === "Escape") {
    input.value = "";
    document.dispatchEvent(new Event("focus-home"));
  } else return;
  event.preventDefault();
}

if (box) {
  input.addEventListener("input", (event) => {
    wanted = null;
    isTyped = true;
    if (!event.isComposing) soon();
  });
  input.addEventListener("compositionend", soon);
  input.addEventListener("keydown", onKey);
  input.addEventListener("focus", () => {
    isTyped = false;
    if (input.value.trim()) soon();
  });
  /* The pointer must not take the focus out of the field before the click arrives. */
  list.addEventListener("pointerdown", (event) => {
    if (event.target.closest("[role=option]")) event.preventDefault();
  });
  list.addEventListener("click", ({ target }) => {
    const calls = target.closest("[data-calls]") !== null;
    choose(target.closest("[role=option]"), { calls });
  });
  box.addEventListener("focusout", ({ relatedTarget }) => {
    if (relatedTarget && box.contains(relatedTarget)) return;
    forget();
    close();
  });
  box.addEventListener("htmx:afterSwap", () => {
    shown = "";
    open();
  });
}
