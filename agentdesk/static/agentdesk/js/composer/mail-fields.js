/* Recipients of a mail as chips. What is typed becomes a chip with Enter, a comma or on leaving the
   field; what is no address stays in the field and is said there. A chip goes back with Backspace. */
import { isComposing } from "../composing.js";
import { begun, changed } from "./draft.js";

const ADDRESS = /^[^@\s<>]{1,64}@[^@\s<>]+\.[^@\s<>]{2,}$/;

export function mailFields(composer) {
  const fields = () => composer.querySelector("[data-mail-fields]");

  function addressIn(text) {
    return /<([^<>]+)>\s*$/.exec(text)?.[1] ?? text;
  }

  function chip(row, text) {
    const box = document.createElement("span");
    box.className = "mail-chip";
    const words = document.createElement("span");
    words.textContent = text;
    const remove = document.createElement("button");
    remove.type = "button";
    remove.className = "mail-chip__remove";
    remove.textContent = "×";
    remove.setAttribute("aria-label", `${fields().dataset.remove}: ${text}`);
    const value = document.createElement("input");
    Object.assign(value, { type: "hidden", name: row.dataset.chips, value: text });
    box.append(words, remove, value);
    return box;
  }

  function has(row, text) {
    const wanted = addressIn(text).toLowerCase();
    return [...row.querySelectorAll("input[type=hidden]")].some(
      (one) => addressIn(one.value).toLowerCase() === wanted,
    );
  }

  function add(row, text) {
    if (has(row, text)) return;
    row.querySelector(".mail-fields__input").before(chip(row, text));
    changed(composer);
  }

  const valuesOf = (name) =>
    [...fields().querySelectorAll(`input[type=hidden][name=${name}]`)].map((one) => one.value);

  /* What the draft had. */
  function restore() {
    const box = fields();
    if (!box || "begun" in box.dataset) return;
    box.dataset.begun = "";
    const { subject, ...kept } = begun(composer);
    if (subject) composer.querySelector("#mail-subject").value = subject;
    for (const name of ["cc", "bcc"]) {
      const row = box.querySelector(`[data-chips="${name}"]`);
      for (const text of kept[name] ?? []) {
        row.querySelector(".mail-fields__input").before(chip(row, text));
        showCopies();
      }
    }
  }

  /* True where nothing that is no address is left in the field. */
  function take(input) {
    const row = input.closest("[data-chips]");
    const left = [];
    for (const part of input.value.split(/[,;、，\n]+/)) {
      const text = part.normalize("NFKC").trim();
      if (!text) continue;
      if (ADDRESS.test(addressIn(text))) add(row, text);
      else left.push(part.trim());
    }
    input.value = left.join(", ");
    input.setAttribute("aria-invalid", String(left.length > 0));
    const words = left.length ? fields().dataset.invalid.replace("{text}", input.value) : "";
    row.querySelector(".mail-fields__error").textContent = words;
    return !left.length;
  }

  function showCopies() {
    composer.querySelector("#mail-copies").hidden = false;
    fields().querySelector("[data-show-copies]").setAttribute("aria-expanded", "true");
  }

  function replyAll(button) {
    const row = fields().querySelector('[data-chips="cc"]');
    const isOn = button.getAttribute("aria-pressed") === "true";
    for (const text of JSON.parse(button.dataset.replyAll)) {
      if (!isOn) add(row, text);
      else {
        const wanted = addressIn(text).toLowerCase();
        for (const one of row.querySelectorAll("input[type=hidden]")) {
          if (addressIn(one.value).toLowerCase() === wanted) one.closest(".mail-chip").remove();
        }
      }
    }
    button.setAttribute("aria-pressed", String(!isOn));
    showCopies();
    changed(composer);
  }

  composer.on("click", ({ target }) => {
    const all = target.closest("[data-reply-all]");
    if (all) replyAll(all);
    if (target.closest("[data-show-copies]")) {
      showCopies();
      composer.querySelector("#mail-cc").focus();
    }
    const remove = target.closest(".mail-chip__remove");
    if (remove) {
      const input = remove.closest("[data-chips]").querySelector(".mail-fields__input");
      remove.closest(".mail-chip").remove();
      input.focus();
      changed(composer);
    }
  });

  composer.on("keydown", (event) => {
    const { target, key } = event;
    const row = target.matches(".mail-fields__input") && target.closest("[data-chips]");
    if (isComposing(event)) return;
    if (target.id === "mail-subject" && key === "Enter" && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      composer.writingPlace()?.focus();
    }
    if (!row) return;
    if (key === "Enter" || key === "," || key === ";") {
      if (event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      take(target);
    } else if (key === "Backspace" && !target.value) {
      [...row.querySelectorAll(".mail-chip")].pop()?.remove();
      changed(composer);
    }
  });

  composer.on("input", ({ target }) => {
    if (target.id === "mail-subject") changed(composer);
  });

  composer.on("draft-gather", ({ detail }) => {
    if (!fields()) return;
    const { value, defaultValue } = composer.querySelector("#mail-subject");
    detail.subject = value === defaultValue ? "" : value.trim();
    detail.cc = valuesOf("cc");
    detail.bcc = valuesOf("bcc");
  });

  composer.on("focusout", ({ target }) => {
    if (target.matches("[data-chips] .mail-fields__input")) take(target);
  });

  /* Nothing leaves while somebody it is meant for is no address. */
  composer.on("htmx:configRequest", (event) => {
    if (event.detail.elt !== composer.form || event.detail.verb !== "post" || !fields()) return;
    const inputs = [...fields().querySelectorAll("[data-chips] .mail-fields__input")];
    const wrong = inputs.filter((input) => !take(input));
    if (wrong.length) {
      event.preventDefault();
      showCopies();
      wrong[0].focus();
      return;
    }
    for (const name of ["cc", "bcc"]) {
      const values = valuesOf(name);
      if (values.length) event.detail.parameters[name] = values;
    }
  });

  /* The next reply begins anew: with the mail that is the newest then. */
  composer.on("reply-sent", () => {
    const box = composer.querySelector("#composer-extra");
    const { via } = composer;
    if (!fields() || !box || !via) return;
    for (const one of fields().querySelectorAll("[data-chips] .mail-chip")) one.remove();
    composer.querySelector("#mail-subject").value = "";
    window.htmx.ajax("GET", `${via.dataset.extra}?via=${encodeURIComponent(via.dataset.via)}`, {
      target: box,
      swap: "outerHTML",
    });
  });
  composer.on("htmx:afterSettle", restore);
  restore();
}
