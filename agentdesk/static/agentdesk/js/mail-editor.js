/* Writing a mail with formatting. The editor is fetched when it is first asked for. The plain text stays
   in the textarea beneath, where everything else finds it; the HTML goes into what the draft keeps beside
   it and, where the channel takes it, into the mail. */
import { hasWords } from "./clipboard.js";
import { begun, changed } from "./draft.js";
import { asField } from "./editor-field.js";

const TAGS = [
  ...["a", "b", "blockquote", "br", "div", "em", "i", "img", "li", "ol", "p", "s", "span", "strong"],
  ...["sub", "sup", "table", "tbody", "td", "th", "thead", "tr", "u", "ul"],
];
const ALLOWED = { ALLOWED_TAGS: TAGS, ALLOWED_ATTR: ["href", "src", "alt"] };
const FILE = /\/files\/([\w-]+)\/$/;
const CALLED = /^cid:([\w-]+)@agentdesk$/;
/* Of each composer the HTML, and the words it was made of: of words changed elsewhere it is none. */
const made = new WeakMap();
let editor = null;
let opening = false;

const form = () => document.getElementById("composer");
const text = () => document.getElementById("composer-reply");
const toggle = () => document.querySelector("[data-mail-html]");
const bar = () => document.getElementById("mail-editor-bar");

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

const parsed = (html) => new DOMParser().parseFromString(html, "text/html").body;

/* As it is kept and sent: pictures are called by their content ids. */
function called(html) {
  const page = parsed(html);
  for (const picture of page.querySelectorAll("img")) {
    const key = FILE.exec(picture.getAttribute("src") ?? "")?.[1];
    if (key) picture.setAttribute("src", `cid:${key}@agentdesk`);
  }
  return page.innerHTML;
}

/* As it is shown: pictures stand at their addresses. */
function shown(html) {
  const page = parsed(html);
  for (const picture of page.querySelectorAll("img")) {
    const key = CALLED.exec(picture.getAttribute("src") ?? "")?.[1];
    if (key) picture.setAttribute("src", `/files/${key}/`);
  }
  return page.innerHTML;
}

function keep() {
  made.set(form(), { html: called(editor.getHTML()), words: text().value });
}

/* The HTML of the reply's words as they are now; none where they are written without formatting. */
function kept() {
  if (!form() || !text()) return "";
  if (!made.has(form())) made.set(form(), { html: begun().html ?? "", words: text().value });
  const { html, words } = made.get(form());
  return words === text().value ? html : "";
}

function drop() {
  made.set(form(), { html: "", words: "" });
}

function copyDown() {
  const field = text();
  const words = editor.getRoot().innerText.replace(/\u200b/g, "").replace(/\n{3,}/g, "\n\n");
  field.value = words.replace(/\n$/, "");
  keep();
  field.dispatchEvent(new Event("input", { bubbles: true }));
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

/* The focus stays where it is, unless it was in the text that the editor covers. */
async function enter() {
  if (opening) return;
  opening = true;
  const { Squire, DOMPurify } = await fetched().finally(() => (opening = false));
  if (editor || !toggle() || !text() || text().readOnly) return;
  const isWriting = document.activeElement === text();
  const root = document.createElement("div");
  root.className = "mail-editor";
  root.setAttribute("role", "textbox");
  root.setAttribute("aria-multiline", "true");
  root.setAttribute("aria-label", toggle().dataset.label);
  text().after(root);
  editor = new Squire(root, { blockTag: "DIV", sanitizeToDOMFragment: cleaner(DOMPurify) });
  editor.setHTML(kept() ? shown(kept()) : asHtml(text().value));
  asField(root, editor);
  editor.addEventListener("input", copyDown);
  editor.addEventListener("pathChange", press);
  root.addEventListener("paste", pasted, true);
  form().toggleAttribute("data-html", true);
  show(true);
  if (isWriting) focusEnd();
}

function focusEnd() {
  editor.moveCursorToEnd();
  editor.focus();
}

async function begin() {
  await enter();
  if (!editor) return;
  focusEnd();
  keep();
  changed();
}

/* A draft with formatting is gone on with as it was left. */
function goOn() {
  if (editor && !editor.getRoot().isConnected) editor = null;
  const html = kept(); // asked for at once: it is of the words as they come
  if (!editor && toggle() && html) enter();
}

function show(isOn) {
  toggle()?.setAttribute("aria-pressed", String(isOn));
  if (bar()) bar().hidden = !isOn;
}

function leave() {
  if (!editor) return;
  const root = editor.getRoot();
  const isWriting = root.contains(document.activeElement);
  editor.destroy();
  editor = null;
  root.remove();
  form()?.toggleAttribute("data-html", false);
  show(false);
  if (isWriting) text()?.focus();
}

/* A picture stands where it was pasted; it is sent up at once, and called by its content id later. */
function pasted(event) {
  const files = [...(event.clipboardData?.files ?? [])];
  const pictures = files.filter(({ type }) => type.startsWith("image/"));
  if (!pictures.length || hasWords(event.clipboardData)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const box = form();
  const place = ({ key, name }) => {
    if (form() === box) editor?.insertImage(`/files/${key}/`, { alt: name });
  };
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
    if (editor) {
      leave();
      drop();
      changed();
      text().focus();
    } else begin();
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
  if (detail.elt !== form() || detail.verb !== "post" || !toggle()) return;
  if (form().dataset.kind !== "reply") return;
  const html = editor ? called(editor.getHTML()) : kept();
  if (!html) return;
  const keys = [...form().querySelectorAll("#composer-files input[name=file]")].map(
    (one) => one.value,
  );
  for (const picture of parsed(html).querySelectorAll("img")) {
    const key = CALLED.exec(picture.getAttribute("src") ?? "")?.[1];
    if (key) keys.push(key);
  }
  detail.parameters.html = html;
  if (keys.length) detail.parameters.file = [...new Set(keys)];
});

document.addEventListener("draft-gather", ({ detail }) => {
  detail.html = kept();
});

document.addEventListener("reply-sent", () => {
  drop();
  leave();
});
document.addEventListener("via-changed", () =>
  window.setTimeout(() => {
    if (toggle()) goOn();
    else leave();
  }),
);
document.addEventListener("htmx:afterSettle", () => {
  goOn();
  editor?.getRoot().setAttribute("contenteditable", String(!text()?.readOnly));
});
goOn();
