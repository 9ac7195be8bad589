/* <reply-composer>: writing a reply and a note. Its parts are functions that are given the composer when it
   comes onto the page; what they remember lives as long as it does, and what they listen to ends with it.
   The text is never swapped; the server's answers go to #composer-notice, the channel of the reply to
   #composer-via. */
import { emit, typedByScript } from "../events.js";
import { LiveElement } from "../live-element.js";
import { isVisible } from "../visible.js";
import { afterSend } from "./after-send.js";
import { beforeSend } from "./before-send.js";
import { counting } from "./count.js";
import { drafts } from "./draft.js";
import { gaps } from "./gaps.js";
import { dropZone } from "./drop-zone.js";
import { locks } from "./locks.js";
import { mailEditor } from "./mail-editor.js";
import { mailFields } from "./mail-fields.js";
import { mentions } from "./mention.js";
import { quoting } from "./quote.js";
import { segments } from "./segments.js";
import { schedule } from "./schedule.js";
import { rest, sending } from "./sending.js";
import { templatePreview } from "./template-preview.js";
import { templates } from "./templates.js";
import { uploads } from "./upload.js";
import { via } from "./via.js";

const BOXES = { reply: "composer-files", note: "composer-note-files" };
/* Where one writes: the text, its formatted twin, or the template that alone may go. */
const PLACES = "#composer-template, .mail-editor, textarea[data-for]";
/* In this order: a part may use what an earlier one has given the composer (`lock`, `draftGoes` …). */
const PARTS = [
  locks,
  sending,
  drafts,
  segments,
  templatePreview,
  uploads,
  dropZone,
  counting,
  quoting,
  via,
  mailFields,
  mailEditor,
  mentions,
  templates,
  gaps,
  schedule,
  beforeSend,
  afterSend,
];

const GAP = 16; // CSS pixels
const toasts = () => document.getElementById("toasts");

class ReplyComposer extends LiveElement {
  begin() {
    this.form = this.querySelector("form[data-draft]");
    if (!this.form) return;
    this.on("change", ({ target }) => {
      if (!target.matches("input[name=kind]")) return;
      this.show(target.value);
      this.writingPlace()?.focus();
    });
    for (const part of PARTS) part(this);
    this.show(this.kind);
    this.emit("composer-writing", { writing: false });
    this.sizes = new ResizeObserver(() => this.sayPlace());
    this.sizes.observe(this);
  }

  end() {
    this.sizes?.disconnect();
    for (const name of ["--dock-start", "--dock-end"]) toasts()?.style.removeProperty(name);
  }

  /* Where the toasts, which float above it, may begin. Said on <html> it would be worked out again for every
     element of the page, at each line that is typed. */
  sayPlace() {
    if (!this.isConnected) return;
    const { left, top } = this.getBoundingClientRect();
    const place = toasts()?.style;
    place?.setProperty("--dock-start", `${Math.round(left) + GAP}px`);
    place?.setProperty("--dock-end", `${Math.round(window.innerHeight - top) + GAP / 2}px`);
  }

  /* Its parts hear it, and so does the page. */
  emit(name, detail) {
    emit(name, detail, { from: this, bubbles: true });
  }

  get kind() {
    return this.form.dataset.kind;
  }

  get via() {
    return this.querySelector("#composer-via");
  }

  field(kind = this.kind) {
    return this.form.querySelector(`textarea[data-for="${kind}"]`);
  }

  get fields() {
    return this.form.querySelectorAll("textarea[data-for]");
  }

  filesOf(kind = this.kind) {
    return this.form.querySelector(`#${BOXES[kind]}`);
  }

  writingPlace() {
    return [...this.form.querySelectorAll(PLACES)].find(isVisible);
  }

  /* Which of the two is being written. */
  show(kind) {
    this.form.dataset.kind = kind;
    for (const text of this.fields) text.hidden = text.dataset.for !== kind;
    for (const label of this.form.querySelectorAll("[data-send-label]")) {
      label.hidden = label.dataset.sendLabel !== kind;
    }
    for (const each of Object.keys(BOXES)) {
      this.filesOf(each).hidden = this.filesOf(each).disabled = each !== kind;
    }
    this.querySelector("#send-more").hidden = kind !== "reply";
    this.lock();
  }

  /* What had gone comes back before what is being written. `store` lets the server join the two, which has
     all of this one by then; what is typed until they are here comes last. Resolves to whether it is done. */
  async takeBack(kind, store) {
    const text = this.field(kind);
    const isStored = await this.holdDraft(text);
    const written = text.value;
    if (!isStored || !(await store())) {
      this.draftStays(text);
      return false;
    }
    const { workspace } = this.form.dataset;
    const event = new Event("click"); // to htmx it is what the user did
    await window.htmx.ajax("GET", workspace, { target: "#workspace", swap: "outerHTML", event });
    document.querySelector("reply-composer")?.goOn(kind, rest(text.value, written));
    return true;
  }

  goOn(kind, more) {
    const text = this.field(kind);
    if (more) {
      text.value = [text.value, more].filter(Boolean).join("\n");
      typedByScript(text);
    }
    this.querySelector(`input[name=kind][value="${kind}"]:not(:checked)`)?.click();
    this.writingPlace()?.focus();
  }

  toReply() {
    const radio = this.form.querySelector("input[name=kind][value=reply]");
    if (radio && !radio.checked) radio.click();
  }
}

customElements.define("reply-composer", ReplyComposer);
