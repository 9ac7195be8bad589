/* Quoting one message of the customer in the reply, on the channel it came by. */
import { writingPlace } from "./writing.js";

const chip = () => document.getElementById("composer-quote");
const field = () => document.querySelector("#composer input[name=quoted]");
const via = () => document.getElementById("composer-via");

function show() {
  const box = chip();
  if (!box || box.hidden) return;
  const isHere = via()?.dataset.inbox === box.dataset.inbox && "hasQuotes" in via().dataset;
  field().disabled = !isHere;
  box.toggleAttribute("data-off", !isHere);
  box.title = isHere ? "" : box.dataset.elsewhere;
}

function drop() {
  if (!chip()) return;
  chip().hidden = true;
  field().value = "";
  field().disabled = true;
}

function quote({ dataset }) {
  const box = chip();
  if (!box) return;
  box.dataset.inbox = dataset.inbox;
  box.querySelector(".quote-chip__text").textContent = dataset.text;
  box.hidden = false;
  field().value = dataset.quote;
  const option = document.querySelector(
    `#via-menu .via__option[data-pick="${CSS.escape(dataset.via)}"]`,
  );
  if (option && via().dataset.inbox !== dataset.inbox) option.click();
  show();
  const radio = document.querySelector("#composer input[name=kind][value=reply]");
  if (radio && !radio.checked) radio.click();
  writingPlace()?.focus();
}

document.addEventListener("click", ({ target }) => {
  const button = target.closest?.("[data-quote]");
  if (button) quote(button);
  if (target.closest?.("[data-drop-quote]")) {
    drop();
    writingPlace()?.focus();
  }
});
document.addEventListener("via-changed", show);
document.addEventListener("reply-sent", drop);
