/* "Inquiries by phone": the number, and the code that opens this chat on the desk. */

import { fill, h, icon, isNarrow, path } from "./dom.js";

export class Call {
  constructor(chat, words, onBack) {
    Object.assign(this, { chat, words });
    this.body = h("div", { class: "call-body" });
    this.problem = h("p", { class: "problem", role: "alert" });
    this.badge = h("span", { class: "badge", hidden: true });
    this.back = h(
      "button",
      { type: "button", class: "quiet back", onclick: onBack },
      icon("back"),
      words.back,
      this.badge,
    );
    this.heading = h("h3", { tabindex: "-1" }, words.call);
    this.element = h(
      "div",
      { class: "call", hidden: true },
      this.back,
      this.heading,
      h("p", {}, words.callHelp),
      this.problem,
      this.body,
    );
  }

  async show() {
    this.element.hidden = false;
    this.heading.focus();
    if (!this.answer || new Date(this.answer.expires_at) <= new Date()) await this.renew();
  }

  hide() {
    this.element.hidden = true;
  }

  /* The code opens the chat of the person before. */
  forget() {
    this.answer = null;
    clearInterval(this.clock);
    this.body.replaceChildren();
  }

  /* What came meanwhile, on the way back to it. */
  drawUnread() {
    const { words } = this;
    const count = this.chat.unread.length;
    this.badge.hidden = !count;
    this.badge.textContent = count > 99 ? "99+" : String(count);
    const label = count ? fill(words.backUnread, { count }) : words.back;
    this.back.setAttribute("aria-label", label);
  }

  async renew() {
    this.problem.textContent = "";
    try {
      if (!this.chat.isReady) await this.chat.begin();
      const { token } = this.chat.api;
      const answer = await this.chat.api.post("code/", {});
      if (token !== this.chat.api.token) return;
      this.answer = answer;
      this.draw();
    } catch (error) {
      this.problem.textContent = error.status ? error.message : this.words.offline;
    }
  }

  draw() {
    const { words, answer } = this;
    const code = `${answer.code.slice(0, 3)} ${answer.code.slice(3)}`;
    this.left = h("p", { class: "left" });
    this.body.replaceChildren(
      h("h4", {}, words.callNumber),
      h("a", { class: "number", href: `tel:${answer.tel}` }, icon("phone"), answer.number),
      h("h4", {}, words.callCode),
      h("output", { class: "code", "aria-label": [...answer.code].join(" ") }, code),
      this.left,
      h(
        "button",
        { type: "button", class: "secondary", onclick: () => this.renew() },
        icon("again"),
        words.callRenew,
      ),
    );
    if (!isNarrow()) this.body.append(this.square(answer.qr));
    clearInterval(this.clock);
    this.clock = setInterval(() => this.tick(), 1000);
    this.tick();
  }

  square(qr) {
    return h(
      "figure",
      { class: "qr" },
      path(qr.size, qr.path, { role: "img" }),
      h("figcaption", {}, this.words.callQr),
    );
  }

  tick() {
    const seconds = Math.max(0, Math.round((new Date(this.answer.expires_at) - Date.now()) / 1000));
    const time = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    this.left.textContent = seconds ? fill(this.words.callEnds, { time }) : this.words.callEnded;
    this.body.classList.toggle("ended", !seconds);
    if (!seconds) clearInterval(this.clock);
  }
}
