/* Where the visitor writes. What stands here survives a reload. */

import { fill, h, icon, isComposing } from "./dom.js";

const TALLEST = 140; // pixels

export class Composer {
  constructor(chat, config) {
    Object.assign(this, { chat, config, words: config.words });
    const { words } = config;
    this.input = h("textarea", {
      rows: 1,
      placeholder: words.write,
      "aria-label": words.write,
      "aria-describedby": "composer-problem",
      enterkeyhint: "send",
    });
    this.problem = h("div", { class: "problem", id: "composer-problem", role: "alert" });
    this.picker = h("input", {
      type: "file",
      multiple: true,
      hidden: true,
      accept: config.extensions.join(","),
      "aria-label": words.attach,
    });
    this.button = h(
      "button",
      { type: "submit", class: "send", "aria-label": words.send, title: words.send },
      icon("send"),
    );
    const attach = h(
      "button",
      {
        type: "button",
        class: "tool",
        "aria-label": words.attach,
        title: words.attach,
        onclick: () => this.picker.click(),
      },
      icon("clip"),
    );
    this.form = h(
      "form",
      { class: "composer", novalidate: true },
      this.problem,
      h("div", { class: "bar" }, attach, this.picker, this.input, this.button),
    );
    this.input.value = chat.store.get("draft", "");
    this.listen();
    this.check();
  }

  listen() {
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.send();
    });
    this.input.addEventListener("input", () => {
      this.chat.store.set("draft", this.input.value);
      this.chat.typing.say(Boolean(this.input.value.trim()));
      this.check();
    });
    this.input.addEventListener("blur", () => this.chat.typing.say(false));
    this.input.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !isComposing(event)) {
        event.preventDefault();
        this.send();
      }
    });
    this.input.addEventListener("paste", (event) => {
      const files = [...(event.clipboardData?.files || [])];
      if (files.length) {
        event.preventDefault();
        this.add(files);
      }
    });
    this.picker.addEventListener("change", () => {
      this.add([...this.picker.files]);
      this.picker.value = "";
    });
    this.chat.addEventListener("somebody-else", () => this.showDraft());
    this.chat.store.addEventListener("draft", () => {
      const isWriting = this.form.getRootNode().activeElement === this.input;
      if (!isWriting || !document.hasFocus()) this.showDraft();
    });
  }

  showDraft() {
    this.input.value = this.chat.store.get("draft", "");
    this.check();
  }

  check() {
    const over = [...this.input.value].length - this.config.max_body;
    this.say(over > 0 ? fill(this.words.tooLong, { over }) : "");
    this.button.disabled = over > 0 || !this.input.value.trim();
    this.grow();
  }

  grow() {
    this.input.style.height = "auto";
    this.input.style.height = `${Math.min(this.input.scrollHeight, TALLEST)}px`;
  }

  say(text) {
    if (this.problem.textContent !== text) this.problem.textContent = text;
  }

  send() {
    if (this.button.disabled) return;
    this.chat.outbox.send(this.input.value.trim());
    this.input.value = "";
    this.chat.store.remove("draft");
    this.check();
    this.input.focus();
  }

  add(files) {
    const { max_file: most, extensions } = this.config;
    for (const file of files) {
      if (file.size > most) {
        this.say(fill(this.words.fileTooBig, { limit: Math.floor(most / 1048576) }));
      } else if (!extensions.some((ending) => file.name.toLowerCase().endsWith(ending))) {
        this.say(this.words.fileKind);
      } else {
        this.say("");
        this.chat.outbox.addFile(file);
      }
    }
  }
}
