/* The messages on screen: day lines, bubbles, files, what waits to be sent. */

import { fill, h, icon, linked, localeOf } from "./dom.js";
import { Pictures } from "./pictures.js";

export class Thread {
  constructor(chat, words, language) {
    Object.assign(this, { chat, words, language });
    this.rows = new Map(); // by key, so that what stands stays in place
    this.pictures = new Pictures(chat.api);
    this.sticks = true; // to the end, whatever changes its size
    this.offset = 0;
    this.list = h("div", { class: "list" });
    this.earlier = h(
      "button",
      { class: "quiet earlier", type: "button", onclick: () => this.older() },
      words.earlier,
    );
    this.log = h(
      "div",
      { class: "log", role: "log", "aria-label": words.log, tabindex: "0", "aria-busy": "true" },
      this.earlier,
      this.list,
    );
    this.jump = h(
      "button",
      { class: "jump", type: "button", hidden: true, onclick: () => this.toEnd() },
      words.newMessages,
      icon("down"),
    );
    this.log.addEventListener("scroll", () => {
      this.sticks = this.isAtEnd();
      this.offset = this.log.scrollTop;
      if (!this.sticks) return;
      this.jump.hidden = true;
      chat.acknowledge();
    });
    // A keyboard that opens, a field that grows, a picture that loads: the newest stays in view.
    const sizes = new ResizeObserver(() => this.sticks && this.toEnd());
    sizes.observe(this.log);
    sizes.observe(this.list);
  }

  /* Where the reader was, after the page has taken the chat away and it is back. */
  restore() {
    if (this.sticks) this.toEnd();
    else this.log.scrollTop = this.offset;
  }

  isAtEnd() {
    return this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < 60;
  }

  toEnd() {
    this.log.scrollTop = this.log.scrollHeight;
    this.sticks = true;
    this.jump.hidden = true;
  }

  /* To the first message that is unread, where not all of them fit; else to the end. */
  toUnread() {
    this.toEnd();
    const [first] = this.chat.unread;
    const row = first && this.rows.get(first.client_id || first.id);
    if (!row) return;
    const above = this.log.getBoundingClientRect().top - row.element.getBoundingClientRect().top;
    if (above > 0) this.log.scrollTop -= above;
    this.sticks = this.isAtEnd();
    this.jump.hidden = this.sticks;
  }

  async older() {
    const height = this.log.scrollHeight;
    this.log.setAttribute("aria-busy", "true");
    this.earlier.disabled = true;
    await this.chat.older().catch(() => {});
    this.earlier.disabled = false;
    this.log.scrollTop += this.log.scrollHeight - height;
    this.log.setAttribute("aria-busy", "false");
  }

  draw(intro) {
    const { chat } = this;
    const stick = this.sticks || this.isAtEnd();
    const before = this.lastId || 0;
    this.earlier.hidden = !chat.more;
    const wanted = this.wanted(chat.more ? null : intro);
    this.place(wanted);
    const last = chat.messages.at(-1);
    this.lastId = last ? last.id : 0;
    const isOwn = chat.outbox.texts.length > (this.waiting || 0);
    this.waiting = chat.outbox.texts.length;
    if (!before) this.toUnread();
    else if (stick || isOwn) this.toEnd();
    else if (this.lastId > before && !last.mine) this.jump.hidden = false;
    if (chat.isReady) this.log.setAttribute("aria-busy", "false");
  }

  /* [key, fingerprint, builder] of every row, in order. */
  wanted(intro) {
    const { chat } = this;
    const rows = intro ? [["intro", intro, () => bubble("theirs", linked(intro))]] : [];
    const waiting = chat.outbox.texts.filter(
      (text) => !chat.messages.some((message) => message.client_id === text.client_id),
    );
    const lastMine = waiting.length ? null : chat.messages.filter((m) => m.mine).at(-1);
    let day = "";
    let author = null;
    for (const message of chat.messages) {
      const its = dayOf(message.at);
      if (its !== day) {
        rows.push([`day-${its}`, its, () => h("div", { class: "day" }, this.dayName(its))]);
        author = null;
      }
      day = its;
      const mark = message === lastMine ? (chat.seen >= message.id ? "seen" : "sent") : "";
      const who = message.mine ? "me" : message.author;
      const key = message.client_id || message.id;
      const isFirst = who !== author;
      rows.push([key, `${message.id}${mark}${isFirst}${message.body}`, () => this.message(message, mark, isFirst)]);
      author = who;
    }
    for (const text of waiting) {
      const state = text.failed || (chat.isOnline ? "sending" : "waiting");
      rows.push([text.client_id, `w${state}`, () => this.waitingText(text, state)]);
    }
    for (const file of chat.outbox.files) {
      const print = `${file.isSending}${file.percent}${file.failed}`;
      rows.push([file.client_id, print, () => this.waitingFile(file)]);
    }
    return rows;
  }

  /* Change only the rows that differ: a reader's place and the live region stay. */
  place(wanted) {
    const keys = new Set(wanted.map(([key]) => key));
    for (const [key, row] of this.rows) {
      if (!keys.has(key)) {
        row.element.remove();
        this.rows.delete(key);
      }
    }
    let next = this.list.firstChild;
    for (const [key, print, build] of wanted) {
      let row = this.rows.get(key);
      if (!row || row.print !== print) {
        const element = build();
        if (row) {
          if (next === row.element) next = element;
          row.element.replaceWith(element);
        }
        row = { print, element };
        this.rows.set(key, row);
      }
      if (row.element === next) next = next.nextSibling;
      else this.list.insertBefore(row.element, next);
    }
  }

  message(message, mark, isFirst) {
    const { words } = this;
    const name = message.mine
      ? words.you
      : message.author
        ? fill(words.agent, { name: message.author })
        : words.shop;
    const parts = message.body ? linked(message.body) : [];
    const row = bubble(message.mine ? "mine" : "theirs", parts, {
      name: h("span", { class: isFirst && !message.mine ? "name" : "unseen" }, name),
      time: h("time", { datetime: message.at }, this.time(message.at)),
      mark: mark ? h("span", { class: "mark" }, words[mark]) : null,
      files: message.files.map((file) => this.file(file)),
    });
    row.dataset.id = message.id;
    return row;
  }

  waitingText(text, state) {
    const { words } = this;
    const row = bubble("mine waiting", linked(text.body), {
      mark: text.failed
        ? this.failure(text.client_id, text.failed)
        : h("span", { class: "mark" }, words[state]),
    });
    row.classList.toggle("failed", Boolean(text.failed));
    return row;
  }

  waitingFile(file) {
    const label = fill(this.words.uploading, { name: file.name, percent: file.percent });
    return bubble("mine waiting", [icon("file"), ` ${file.name}`], {
      mark: file.failed
        ? this.failure(file.client_id, file.failed)
        : file.isSending
          ? h("progress", { max: 100, value: file.percent, "aria-label": label })
          : h("span", { class: "mark" }, this.words.waiting),
    });
  }

  failure(clientId, text) {
    const { outbox } = this.chat;
    return h(
      "div",
      { class: "failure", role: "alert" },
      h("span", {}, text),
      h(
        "button",
        { type: "button", class: "link", onclick: () => outbox.again(clientId) },
        this.words.sendAgain,
      ),
      h(
        "button",
        { type: "button", class: "link", onclick: () => outbox.discard(clientId) },
        this.words.discard,
      ),
    );
  }

  file(file) {
    const label = fill(this.words.download, { name: file.name });
    const button = h("button", {
      type: "button",
      class: "file",
      "aria-label": label,
      onclick: () => this.download(file),
    });
    const asFile = () => {
      button.className = "file";
      button.replaceChildren(
        icon("file"),
        h("span", {}, file.name),
        h("small", {}, sizeOf(file.size)),
      );
    };
    if (file.image) {
      button.className = "picture";
      button.append(this.pictures.element(file, asFile));
    } else asFile();
    return button;
  }

  async download(file) {
    const blob = await this.chat.api.file(file.key).catch(() => null);
    if (!blob) return;
    const url = URL.createObjectURL(blob);
    h("a", { href: url, download: file.name }).click();
    setTimeout(() => URL.revokeObjectURL(url), 60000);
  }

  time(at) {
    const style = { hour: "numeric", minute: "2-digit" };
    return new Intl.DateTimeFormat(localeOf(this.language), style).format(new Date(at));
  }

  dayName(day) {
    const now = new Date();
    if (day === dayOf(now)) return this.words.today;
    if (day === dayOf(new Date(now - 86400000))) return this.words.yesterday;
    return new Intl.DateTimeFormat(localeOf(this.language), { dateStyle: "long" }).format(
      new Date(`${day}T00:00`),
    );
  }
}

function dayOf(at) {
  const date = new Date(at);
  const two = (number) => String(number).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

function bubble(side, content, { name, time, mark, files } = {}) {
  return h(
    "div",
    { class: `row ${side}` },
    name,
    content.length ? h("div", { class: "bubble" }, content) : null,
    files || [],
    h("div", { class: "under" }, mark, time),
  );
}

function sizeOf(bytes) {
  if (bytes < 1024 * 1024) return `${Math.max(1, Math.round(bytes / 1024))} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
