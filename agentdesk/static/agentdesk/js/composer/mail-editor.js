/* Writing a mail with formatting. The editor is fetched when it is first asked for. The plain text stays
   in the textarea beneath, where everything else finds it; the HTML goes into what the draft keeps beside
   it and, where the channel takes it, into the mail. */
import { hasWords } from "../clipboard.js";
import { typedByScript } from "../events.js";
import { begun, changed } from "./draft.js";
import { asField } from "./editor-field.js";
import { asHtml, called, cleaner, picturesOf, shown } from "./mail-html.js";

async function fetched({ squire, purify }) {
  const [{ default: Squire }, { default: DOMPurify }] = await Promise.all([
    import(squire),
    import(purify),
  ]);
  return { Squire, DOMPurify };
}

const FORMATS = {
  bold: (editor) => (editor.hasFormat("b") ? editor.removeBold() : editor.bold()),
  italic: (editor) => (editor.hasFormat("i") ? editor.removeItalic() : editor.italic()),
  underline: (editor) => (editor.hasFormat("u") ? editor.removeUnderline() : editor.underline()),
  list: (editor) =>
    editor.hasFormat("ul") ? editor.removeList() : editor.makeUnorderedList(),
  numbers: (editor) =>
    editor.hasFormat("ol") ? editor.removeList() : editor.makeOrderedList(),
  quote: (editor) =>
    editor.hasFormat("blockquote") ? editor.decreaseQuoteLevel() : editor.increaseQuoteLevel(),
};

export function mailEditor(composer) {
  const { form } = composer;
  const text = composer.field("reply");
  if (!text) return;
  /* The HTML, and the words it was made of: of words changed elsewhere it is none. */
  let made = { html: begun(composer).html ?? "", words: text.value };
  let editor = null;
  let opening = false;

  const toggle = () => composer.querySelector("[data-mail-html]");
  const bar = () => composer.querySelector("#mail-editor-bar");

  function keep() {
    made = { html: called(editor.getHTML()), words: text.value };
  }

  /* The HTML of the reply's words as they are now; none where they are written without formatting. */
  function htmlNow() {
    return made.words === text.value ? made.html : "";
  }

  function drop() {
    made = { html: "", words: "" };
  }

  function copyDown() {
    const words = editor.getRoot().innerText.replace(/\u200b/g, "").replace(/\n{3,}/g, "\n\n");
    text.value = words.replace(/\n$/, "");
    keep();
    typedByScript(text);
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
    const { Squire, DOMPurify } = await fetched(toggle().dataset).finally(() => (opening = false));
    if (editor || !composer.isConnected || !toggle() || text.readOnly) return;
    const isWriting = document.activeElement === text;
    const root = document.createElement("div");
    root.className = "mail-editor";
    root.setAttribute("role", "textbox");
    root.setAttribute("aria-multiline", "true");
    root.setAttribute("aria-label", toggle().dataset.label);
    text.after(root);
    editor = new Squire(root, { blockTag: "DIV", sanitizeToDOMFragment: cleaner(DOMPurify) });
    editor.setHTML(htmlNow() ? shown(htmlNow()) : asHtml(text.value));
    asField(root, editor);
    editor.addEventListener("input", copyDown);
    editor.addEventListener("pathChange", press);
    root.addEventListener("paste", pasted, true);
    form.toggleAttribute("data-html", true);
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
    changed(composer);
  }

  /* A draft with formatting is gone on with as it was left. */
  function goOn() {
    const html = htmlNow(); // asked for at once: it is of the words as they come
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
    form.toggleAttribute("data-html", false);
    show(false);
    if (isWriting) text.focus();
  }

  /* A picture stands where it was pasted; it is sent up at once, and called by its content id later. */
  function pasted(event) {
    const files = [...(event.clipboardData?.files ?? [])];
    const pictures = files.filter(({ type }) => type.startsWith("image/"));
    if (!pictures.length || hasWords(event.clipboardData)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const place = ({ key, name }) => {
      if (composer.isConnected) editor?.insertImage(`/files/${key}/`, { alt: name });
    };
    for (const file of pictures) composer.emit("file-for-place", { file, place });
  }

  composer.on("click", ({ target }) => {
    if (target.closest("[data-mail-html]")) {
      if (editor) {
        leave();
        drop();
        changed(composer);
        text.focus();
      } else begin();
    }
    const button = target.closest("[data-format]");
    if (button && editor) {
      FORMATS[button.dataset.format](editor);
      press();
      copyDown();
    }
  });

  /* The buttons take no focus from the text. */
  composer.on("mousedown", (event) => {
    if (event.target.closest("[data-format]")) event.preventDefault();
  });

  composer.on("htmx:configRequest", ({ detail }) => {
    if (detail.elt !== form || detail.verb !== "post" || !toggle()) return;
    if (composer.kind !== "reply") return;
    const html = editor ? called(editor.getHTML()) : htmlNow();
    if (!html) return;
    const files = [...form.querySelectorAll("#composer-files input[name=file]")];
    const keys = [...files.map(({ value }) => value), ...picturesOf(html)];
    detail.parameters.html = html;
    if (keys.length) detail.parameters.file = [...new Set(keys)];
  });

  composer.on("draft-gather", ({ detail }) => {
    detail.html = htmlNow();
  });
  composer.on("reply-sent", () => {
    drop();
    leave();
  });
  composer.on("via-changed", () =>
    window.setTimeout(() => {
      if (toggle()) goOn();
      else leave();
    }),
  );
  composer.on("htmx:afterSettle", () => {
    goOn();
    editor?.getRoot().setAttribute("contenteditable", String(!text.readOnly));
  });
  goOn();
}
