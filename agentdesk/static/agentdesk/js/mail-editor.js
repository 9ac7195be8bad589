/* Writing a mail with formatting. The editor is fetched when it is first asked for. The plain text stays
   in the textarea beneath, where drafts and everything else find it; HTML goes along when it is sent. */
import { csrfToken } from "./csrf.js";
import { begun, changed } from "./draft.js";
import { asField } from "./editor-field.js";

const TAGS = ["a", "b", "blockquote", "br", "div", "i", "img", "li", "ol", "p", "span", "u", "ul"];
const ALLOWED = { ALLOWED_TAGS: TAGS, ALLOWED_ATTR: ["href", "src", "alt"] };
const FILE = /\/files\/([\w-]+)\/$/;
let editor = null;
let isComing = false; // the draft's formatting waits for the editor

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

function copyDown() {
  const field = text();
  const words = editor.getRoot().innerText.replace(/\u200b/g, "").replace(/\n{3,}/g, "\n\n");
  field.value = words.replace(/\n$/, "");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function press() {
  for (const button of bar().querySelectorAll("[data-format]")) {
    button.setAttribute("aria-pressed", String(editor.hasFormat(button.dataset.tag)));
  }
}

async function enter(html = "") {
  const { Squire, DOMPurify } = await fetched();
  if (editor || !text() || text().readOnly) return;
  const root = document.createElement("div");
  root.className = "mail-editor";
  root.setAttribute("role", "textbox");
  root.setAttribute("aria-multiline", "true");
  root.setAttribute("aria-label", toggle().dataset.label);
  text().after(root);
  const sanitizeToDOMFragment = (html) => {
    const clean = DOMPurify.sanitize(html, { ...ALLOWED, RETURN_DOM_FRAGMENT: true });
    return document.importNode(clean, true);
  };
  editor = new Squire(root, { blockTag: "DIV", sanitizeToDOMFragment });
  editor.setHTML(html || asHtml(text().value));
  asField(root, editor);
  editor.addEventListener("input", copyDown);
  editor.addEventListener("pathChange", press);
  root.addEventListener("paste", pasted, true);
  form().toggleAttribute("data-html", true);
  show(true);
}

async function begin() {
  await enter();
  if (!editor) return;
  editor.moveCursorToEnd();
  editor.focus();
  changed();
}

/* The formatting the draft had. The focus stays where it is. */
function restore() {
  const { html } = begun();
  if (!html || editor || !toggle() || "begun" in toggle().dataset) return;
  toggle().dataset.begun = "";
  isComing = true;
  enter(html).finally(() => {
    isComing = false;
  });
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
async function pasted(event) {
  const files = [...(event.clipboardData?.files ?? [])];
  const pictures = files.filter(({ type }) => type.startsWith("image/"));
  if (!pictures.length || event.clipboardData.types.includes("text/html")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  for (const picture of pictures) {
    const body = new FormData();
    body.append("file", picture);
    const headers = { "X-CSRFToken": csrfToken(), "HX-Request": "true" };
    const answer = await fetch(form().dataset.upload, { method: "POST", headers, body });
    const told = answer.ok ? await answer.json() : null;
    if (told && editor) editor.insertImage(`/files/${told.key}/`, { alt: told.name });
    else {
      const title = form().dataset.failed;
      document.dispatchEvent(new CustomEvent("toast", { detail: { title, tone: "danger" } }));
    }
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
      changed();
      text().focus();
    } else begin();
  }
  const button = target.closest?.("[data-format]");
  if (button && editor) {
    FORMATS[button.dataset.format]();
    press();
  }
});

/* The buttons take no focus from the text. */
document.addEventListener("mousedown", (event) => {
  if (event.target.closest?.("[data-format]")) event.preventDefault();
});

document.addEventListener("htmx:configRequest", ({ detail }) => {
  if (detail.elt !== form() || detail.verb !== "post" || !editor) return;
  if (form().dataset.kind !== "reply") return;
  const page = document.createElement("div");
  page.innerHTML = editor.getHTML();
  const keys = [...form().querySelectorAll("input[name=file]")].map((one) => one.value);
  for (const picture of page.querySelectorAll("img")) {
    const key = FILE.exec(picture.getAttribute("src") ?? "")?.[1];
    if (!key) continue;
    picture.setAttribute("src", `cid:${key}@agentdesk`);
    keys.push(key);
  }
  detail.parameters.html = page.innerHTML;
  if (keys.length) detail.parameters.file = [...new Set(keys)];
});

document.addEventListener("draft-gather", ({ detail }) => {
  if (editor) detail.html = editor.getHTML();
  else if (toggle() && !isComing) detail.html = "";
});

document.addEventListener("htmx:afterSettle", restore);
restore();
document.addEventListener("composer-sent", () => {
  if (!editor) return;
  leave();
  text().focus();
});
document.addEventListener("via-changed", () => window.setTimeout(() => toggle() ?? leave()));
