/* The window of the chat: its head, what is said about the shop's hours, its views. */

import { Call } from "./call.js";
import { Composer } from "./composer.js";
import { fill, h, icon, isComposing, isNarrow, localeOf } from "./dom.js";
import { awayForm, beforeForm, reachLine } from "./forms.js";
import { Thread } from "./thread.js";

export class Panel {
  constructor(chat, config, language, onClose) {
    Object.assign(this, { chat, config, language, onClose, words: config.words });
    this.thread = new Thread(chat, config.words, language);
    this.composer = new Composer(chat, config);
    this.call = new Call(chat, config.words, () => this.showChat());
    this.status = h("p", { class: "status" });
    this.notice = h("div", { class: "notice", role: "status" });
    this.typing = h("div", { class: "typing", role: "status" });
    this.formPlace = h("div", { class: "form-place" });
    this.talk = h(
      "div",
      { class: "talk" },
      h("div", { class: "scroll" }, this.thread.log, this.thread.jump),
      this.typing,
      this.formPlace,
      this.composer.form,
    );
    this.element = h(
      "section",
      { class: "panel", role: "dialog", "aria-labelledby": "chat-title", hidden: true },
      this.head(),
      this.notice,
      this.talk,
      this.call.element,
    );
    this.element.addEventListener("keydown", (event) => this.key(event));
    chat.addEventListener("somebody-else", () => this.startAfresh());
    chat.isLookedAt = () =>
      !this.element.hidden && !this.talk.hidden && this.thread.isAtEnd();
  }

  head() {
    const { words, config } = this;
    this.callButton = h(
      "button",
      {
        type: "button",
        class: "tool",
        "aria-label": words.call,
        title: words.call,
        hidden: !config.calls,
        onclick: () => this.showCall(),
      },
      icon("phone"),
    );
    this.closeButton = h(
      "button",
      {
        type: "button",
        class: "tool",
        "aria-label": words.close,
        title: words.close,
        onclick: this.onClose,
      },
      icon("close"),
    );
    return h(
      "div",
      { class: "head" },
      h("div", { class: "titles" }, h("h2", { id: "chat-title" }, config.title), this.status),
      this.callButton,
      this.closeButton,
    );
  }

  key(event) {
    if (isComposing(event)) return;
    if (event.key === "Escape") {
      event.stopPropagation();
      if (this.call.element.hidden) this.onClose();
      else this.showChat();
    }
    if (event.key === "Tab" && isNarrow()) this.keepInside(event);
  }

  /* Full-screen: there is nothing else to reach. */
  keepInside(event) {
    const all = [...this.element.querySelectorAll("button, a[href], input, textarea, [tabindex='0']")];
    const usable = all.filter((one) => !one.disabled && one.offsetParent !== null);
    const at = this.element.getRootNode().activeElement;
    const edge = event.shiftKey ? usable[0] : usable.at(-1);
    if (at === edge) {
      event.preventDefault();
      (event.shiftKey ? usable.at(-1) : usable[0]).focus();
    }
  }

  open(isQuiet) {
    this.element.hidden = false;
    this.element.setAttribute("aria-modal", String(isNarrow()));
    this.draw();
    this.composer.grow();
    this.thread.toUnread();
    if (!isQuiet) this.focus();
  }

  focus() {
    const first = this.formPlace.querySelector("input, textarea") || this.composer.input;
    (isNarrow() || first.offsetParent === null ? this.closeButton : first).focus();
  }

  showCall() {
    this.talk.hidden = true;
    this.callButton.hidden = true;
    this.call.show();
  }

  showChat() {
    this.call.hide();
    this.talk.hidden = false;
    this.callButton.hidden = !this.config.calls;
    this.focus();
    this.thread.toUnread();
    this.chat.acknowledge();
  }

  /* Nothing that was entered or shown for the person before. */
  startAfresh() {
    this.shownForm = null;
    this.isChanging = false;
    this.call.forget();
    if (!this.call.element.hidden) this.showChat();
  }

  draw() {
    if (this.element.hidden) return;
    const { chat, words, config } = this;
    this.call.drawUnread();
    const opening = chat.opening;
    this.drawStatus(opening);
    this.drawNotice();
    const isAway = opening && !opening.answers;
    this.drawForm(isAway);
    const isToldByForm = this.shownForm === "away";
    this.thread.draw(isToldByForm ? null : isAway ? config.away : config.greeting);
    const typing = chat.typing.isOn ? words.typing : "";
    if (this.typing.textContent !== typing) this.typing.textContent = typing;
  }

  drawStatus(opening) {
    const { words } = this;
    let text = "";
    if (opening) {
      text = opening.answers ? words.statusOpen : opening.open ? words.statusAway : words.statusClosed;
      if (!opening.open && opening.next) text += ` ${fill(words.nextOpening, { time: this.moment(opening.next) })}`;
    }
    this.status.textContent = text;
    this.status.classList.toggle("here", Boolean(opening && opening.answers));
  }

  moment(at) {
    return new Intl.DateTimeFormat(localeOf(this.language), {
      month: this.language === "en" ? "short" : "numeric",
      day: "numeric",
      weekday: "short",
      hour: "numeric",
      minute: "2-digit",
    }).format(new Date(at));
  }

  drawNotice() {
    const { chat, words } = this;
    const seconds = Math.ceil((chat.outbox.pausedUntil - Date.now()) / 1000);
    let text = "";
    if (chat.isFailed && chat.isOnline) text = words.failed;
    else if (!chat.isOnline) text = words.offline;
    else if (seconds > 0 && chat.outbox.texts.length) text = fill(words.tooFast, { seconds });
    else if (chat.verdict === "refused") text = words.identityRefused;
    if (this.notice.textContent !== text) this.notice.textContent = text;
    this.notice.hidden = !text;
  }

  /* Which form stands in place of the composer, if any. */
  drawForm(isAway) {
    const { chat, config } = this;
    const hasBegun = chat.messages.length > 0 || chat.outbox.texts.length > 0;
    const isAsked =
      config.ask.length && !hasBegun && !chat.reach && !chat.stated.name && chat.verdict !== "verified";
    const wanted = !chat.isReady
      ? ""
      : isAway && (!chat.reach || this.isChanging)
        ? "away"
        : isAsked
          ? "before"
          : isAway
            ? `reach ${chat.reach}`
            : "";
    if (wanted === this.shownForm) return;
    this.shownForm = wanted;
    const done = () => {
      this.isChanging = false;
      this.composer.showDraft();
      this.draw();
      this.composer.input.focus();
    };
    this.formPlace.replaceChildren(...this.formParts(wanted, done));
    const isWhole = wanted === "away" || wanted === "before";
    this.composer.form.hidden = isWhole;
    this.talk.classList.toggle("asks", isWhole);
  }

  formParts(wanted, done) {
    const { chat, config, words } = this;
    if (wanted === "away") return [awayForm(chat, config, done).element];
    if (wanted === "before") return [beforeForm(chat, config, done).element];
    if (!wanted) return [];
    const change = () => {
      this.isChanging = true;
      this.draw();
    };
    return [reachLine(chat, words, change)];
  }
}
