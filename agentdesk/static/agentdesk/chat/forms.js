/* The form before the chat, and the one that takes a message while nobody is there. */

import { fill, h } from "./dom.js";

const KINDS = {
  name: { type: "text", autocomplete: "name" },
  email: { type: "email", autocomplete: "email", inputmode: "email" },
  phone: { type: "tel", autocomplete: "tel", inputmode: "tel" },
  subject: { type: "text", autocomplete: "off" },
};

function field(name, words, value, isOptional) {
  const problem = h("span", { class: "problem", id: `problem-${name}` });
  const input = h(name === "message" ? "textarea" : "input", {
    ...(KINDS[name] || { rows: 4 }),
    name,
    "aria-describedby": problem.id,
    "aria-required": isOptional ? null : "true",
  });
  input.value = value || "";
  const optional = isOptional ? h("small", {}, ` (${words.optional})`) : null;
  const label = h("label", {}, h("span", {}, words[name], optional), input, problem);
  return { name, input, problem, label };
}

const EMAIL = /^[^@\s]+@[^@\s]+\.[^@\s]{2,}$/;

function complaint(name, value, words) {
  if (name === "email" && value && !EMAIL.test(value.normalize("NFKC"))) return words.badEmail;
  if (name === "phone" && value && value.normalize("NFKC").replace(/\D/g, "").length < 9) {
    return words.badPhone;
  }
  return "";
}

class Form {
  constructor(chat, words, { title, help, fields, button, onDone }) {
    Object.assign(this, { chat, words, fields, onDone });
    this.problem = h("p", { class: "problem", role: "alert" });
    this.button = h("button", { type: "submit", class: "primary" }, button);
    this.element = h(
      "form",
      { class: "form", novalidate: true, "aria-label": title },
      h("h3", {}, title),
      h("p", {}, help),
      fields.map((one) => one.label),
      this.problem,
      this.button,
    );
    this.element.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
  }

  show(one, text) {
    one.problem.textContent = text;
    if (text) one.input.setAttribute("aria-invalid", "true");
    else one.input.removeAttribute("aria-invalid");
    return text;
  }

  async submit() {
    const { words } = this;
    const values = Object.fromEntries(this.fields.map((one) => [one.name, one.input.value.trim()]));
    const wrong = this.fields.filter((one) => {
      const value = values[one.name];
      const isMissing = !value && one.input.hasAttribute("aria-required");
      return this.show(one, isMissing ? words.required : complaint(one.name, value, words));
    });
    this.problem.textContent = "";
    if (wrong.length) return wrong[0].input.focus();
    const refusal = this.refusal?.(values);
    if (refusal) {
      this.problem.textContent = refusal;
      return;
    }
    this.button.disabled = true;
    try {
      const { message, ...about } = values;
      await this.chat.tellAbout(about);
      this.onDone(message);
    } catch (error) {
      this.problem.textContent = error.status ? error.message : words.offline;
    }
    this.button.disabled = false;
  }
}

/* Asked before the first message, if the shop wants it. */
export function beforeForm(chat, config, onDone) {
  const { words, ask } = config;
  const fields = ask.map((name) => {
    const isOptional = name === "subject" || (name === "phone" && ask.includes("email"));
    return field(name, words, chat.stated[name], isOptional);
  });
  return new Form(chat, words, {
    title: words.formTitle,
    help: words.formHelp,
    button: words.start,
    fields,
    onDone,
  });
}

/* While nobody answers: a message, and where the answer shall go. */
export function awayForm(chat, config, onDone) {
  const { words } = config;
  const fields = [
    field("message", words, chat.store.get("draft", "")),
    field("name", words, chat.stated.name, true),
    field("email", words, chat.stated.email, true),
    field("phone", words, chat.stated.phone, true),
  ];
  fields[0].input.addEventListener("input", () => {
    chat.store.set("draft", fields[0].input.value);
  });
  const form = new Form(chat, words, {
    title: words.awayTitle,
    help: config.away,
    button: words.leave,
    fields,
    onDone: (message) => {
      chat.store.remove("draft");
      chat.outbox.send(message);
      onDone();
    },
  });
  form.refusal = (values) => (values.email || values.phone ? "" : words.oneOf);
  return form;
}

/* Where the answer goes, once it is known. */
export function reachLine(chat, words, onChange) {
  return h(
    "p",
    { class: "reach" },
    fill(words.left, { address: chat.reach }),
    " ",
    h("button", { type: "button", class: "link", onclick: onChange }, words.changeAddress),
  );
}
