/* <confirm-dialog>: hx-confirm="Question?" asks in our own dialog. Its button says what data-confirm-label of
   the element says, or what the button that was pressed says. */
import { LiveElement } from "./live-element.js";

class ConfirmDialog extends LiveElement {
  #issue = null;

  begin() {
    this.dialog = this.querySelector("dialog");
    this.on("htmx:confirm", (event) => this.#ask(event), { within: document });
    this.on("click", ({ target }) => target.closest("[data-confirm-yes]") && this.#goOn());
    this.on("close", () => (this.#issue = null), { within: this.dialog });
  }

  #ask(event) {
    const { question, elt, issueRequest } = event.detail;
    if (!question) return;
    event.preventDefault();
    this.#issue = () => issueRequest(true);
    this.querySelector("[data-confirm-question]").textContent = question;
    const button = this.querySelector("[data-confirm-yes]");
    const pressed = elt.matches("button") ? elt.innerText.trim() : "";
    button.textContent = elt.dataset.confirmLabel ?? (pressed || button.dataset.label);
    this.dialog.showModal();
  }

  /* `close` comes later, and forgets it. */
  #goOn() {
    this.dialog.close();
    this.#issue?.();
  }
}

customElements.define("confirm-dialog", ConfirmDialog);
