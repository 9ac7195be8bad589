/* Writing a mail with formatting. The editor is fetched when it is first asked for. The plain text stays
   in the textarea beneath, where drafts and everything else find it; the HTML stands in #composer-html,
   whence it goes into the draft and, while the editor is open, into the mail. */import { hasWords } from "./clipboard.js";

const TAGS = [
  ...["a", "b", "blockquote", "br", "div", "em", "i", "img", "li", "ol", "p", "s", "span", "strong"],
  ...["sub", "sup", "table", "tbody", "td", "th", "thead", "tr", "u", "ul"],
];
const ALLOWED = { ALLOWED_TAGS: TAGS, ALLOWED_ATTR: ["href", "src", "alt"] };
const FILE = /\/files\/([\w-]+)\/$/;
const CALLED = /^cid:([\w-]+)@agentdesk$/;
let editor = null;
let opening = false;

const form = () => document.getElementById("composer");
const text = () => document.getElementById("composer-reply");
const toggle = () => document.querySelector("[data-mail-html]");
const bar = () => document.getElementById("mail-editor-bar");
const kept = () => document.getElementById("composer-html");

async function fetched() {
  const { squire, purify } = toggle().dataset;
  const [{ default: Squire }, { default: DOMPurify }] = await Promise.all([
    import(squire),
    import(purify),
  ]);
  return { Squire, DOMPurify };
}

function asHtml(words) {
  const box = document.createElement("div");
  for (const line of words.split("\n")) {
    const row = document.createElement("div");
    if (line) row.textContent = line;
    else row.append(document.createElement("br"));
    box.append(row);
  }
  return box.innerHTML;
}

/* As it is sent: pictures are called by their content ids. */
function written() {
  const page = document.createElement("div");
  page.innerHTML = editor.getHTML();
  for (const picture of page.querySelectorAll("img")) {
    const key = FILE.exec(picture.getAttribute("src") ?? "")?.[1];
    if (key) picture.setAttribute("src", `cid:${key}@agentdesk`);
  }
  return page;
}

const isFormatted = (page) =>
  page.querySelector("b,blockquote,em,i,img,li,s,strong,sub,sup,table,u") !== null ||
  page.querySelector("a[href]") !== null;

function copyDown() {
  const field = text();
  const words = editor.getRoot().innerText.replace(/\u200b/g, "").replace(/\n{3,}/g, "\n\n");
  field.value = words.replace(/\n$/, "");
  const page = written();
  kept().value = isFormatted(page) ? page.innerHTML : "";
  kept().dataset.text = field.value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

/* Whether the words are still those that the formatting was made for. */
const isKept = () => Boolean(kept()?.value) && kept().dataset.text === text()?.value;

function begun() {
  if (!isKept()) return asHtml(text().value);
  const page = new DOMParser().parseFromString(kept().value, "text/html").body;
  for (const picture of page.querySelectorAll("img")) {
    const key = CALLED.exec(picture.getAttribute("src") ?? "")?.[1];
    if (key) picture.setAttribute("src", `/files/${key}/`);
  }
  return page.innerHTML;
}

/* Only pictures that were sent up go with the mail: of others nothing but a gap would arrive. */
function cleaner(DOMPurify) {
  return (html) => {
    const clean = DOMPurify.sanitize(html, { ...ALLOWED, RETURN_DOM_FRAGMENT: true });
    for (const picture of clean.querySelectorAll("img")) {
      if (!FILE.test(picture.getAttribute("src") ?? "")) picture.remove();
    }
    return document.importNode(clean, true);
  };
}

function press() {
  for (const button of bar().querySelectorAll("[data-format]")) {
    button.setAttribute("aria-pressed", String(editor.hasFormat(button.dataset.tag)));
  }
}

async function enter({ isFocused = true } = {}) {
  if (opening) return;
  opening = true;
  const { Squire, DOMPurify } = await fetched().finally(() => (opening = false));
  if (editor || !toggle() || !text() || text().readOnly) return;
  const root = document.createElement("div");
  root.className = "mail-editor";
  root.setAttribute("role", "textbox");
  root.setAttribute("aria-multiline", "true");
  root.setAttribute("aria-label", toggle().dataset.label);
  text().after(root);
  editor = new Squire(root, { blockTag: "DIV", sanitizeToDOMFragment: cleaner(DOMPurify) });
  editor.setHTML(begun());
  editor.addEventListener("input", copyDown);
  editor.addEventListener("pathChange", press);
  root.addEventListener("paste", pasted, true);
  form().toggleAttribute("data-html", true);
  show(true);
  if (!isFocused) return;
  editor.moveCursorToEnd();
  editor.focus();
}

/* A draft with formatting is gone on with as it was left. */
function goOn() {
  if (editor && !editor.getRoot().isConnected) editor = null;
  if (!editor && toggle() && isKept()) enter({ isFocused: false });
}

function show(isOn) {
  toggle()?.setAttribute("aria-pressed", String(isOn));
  if (bar()) bar().hidden = !isOn;
}

function leave() {
  if (!editor) return;
  const root = editor.getRoot();
  editor.destroy();
  editor = null;
  root.remove();
  form()?.toggleAttribute("data-html", false);
  show(false);
}

/* A picture stands where it was pasted; it is sent up at once, and called by its content id later. */
function pasted(event) {
  const files = [...(event.clipboardData?.files ?? [])];
  const pictures = files.filter(({ type }) => type.startsWith("image/"));
  if (!pictures.length || hasWords(event.clipboardData)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const place = ({ key, name }) => editor?.insertImage(`/files/${key}/`, { alt: name });
  for (const file of pictures) {
    document.dispatchEvent(new CustomEvent("file-for-place", { detail: { file, place } }));
  }
}

const FORMATS = {
  bold: () => (editor.hasFormat("b") ? editor.removeBold() : editor.bold()),
  italic: () => (editor.hasFormat("i") ? editor.removeItalic() : editor.italic()),
  underline: () => (editor.hasFormat("u") ? editor.removeUnderline() : editor.underline()),
  list: () => (editor.hasFormat("ul") ? editor.removeList() : editor.makeUnorderedList()),
  numbers: () => (editor.hasFormat("ol") ? editor.removeList() : editor.makeOrderedList()),
  quote: () =>
    editor.hasFormat("blockquote") ? editor.decreaseQuoteLevel() : editor.increaseQuoteLevel(),
};

document.addEventListener("click", ({ target }) => {
  if (target.closest?.("[data-mail-html]")) {
    if (editor) leave();
    else enter();
  }
  const button = target.closest?.("[data-format]");
  if (button && editor) {
    FORMATS[button.dataset.format]();
    press();
    copyDown();
  }
});

/* The buttons take no focus from the text. */
document.addEventListener("mousedown", (event) => {
  if (event.target.closest?.("[data-format]")) event.preventDefault();
});

document.addEventListener("htmx:configRequest", ({ detail }) => {
  if (detail.elt !== form() || detail.verb !== "post" || !editor) return;
  if (form().dataset.kind !== "reply") return;
  const page = written();
  const keys = [...form().querySelectorAll("input[name=file]")].map((one) => one.value);
  for (const picture of page.querySelectorAll("img")) {
    const key = CALLED.exec(picture.getAttribute("src") ?? "")?.[1];
    if (key) keys.push(key);
  }
  detail.parameters.html = page.innerHTML;
  if (keys.length) detail.parameters.file = [...new Set(keys)];
});

document.addEventListener("composer-sent", leave);
document.addEventListener("composer-begun", goOn);
document.addEventListener("via-changed", () =>
  window.setTimeout(() => {
    if (toggle()) goOn();
    else leave();
  }),
);
document.addEventListener("htmx:afterSettle", () => {
  editor?.getRoot().setAttribute("contenteditable", String(!text()?.readOnly));
});
goOn();
