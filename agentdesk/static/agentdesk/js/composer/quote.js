/* Quoting one message of the customer in the reply, on the channel it came by. */
export function quoting(composer) {
  const { form } = composer;
  const chip = form.querySelector("#composer-quote");
  const field = form.querySelector("input[name=quoted]");
  const via = () => composer.via;

  function show() {
    if (chip.hidden) return;
    const isHere = via()?.dataset.inbox === chip.dataset.inbox && "hasQuotes" in via().dataset;
    field.disabled = !isHere;
    chip.toggleAttribute("data-off", !isHere);
    chip.title = isHere ? "" : chip.dataset.elsewhere;
  }

  function drop() {
    chip.hidden = true;
    field.value = "";
    field.disabled = true;
  }

  function quote({ dataset }) {
    chip.dataset.inbox = dataset.inbox;
    chip.querySelector(".quote-chip__text").textContent = dataset.text;
    chip.hidden = false;
    field.value = dataset.quote;
    const option = composer.querySelector(
      `#via-menu .via__option[data-pick="${CSS.escape(dataset.via)}"]`,
    );
    if (option && via().dataset.inbox !== dataset.inbox) option.click();
    show();
    composer.toReply();
    composer.writingPlace()?.focus();
  }

  /* The button stands at the message. */
  composer.on(
    "click",
    ({ target }) => {
      const button = target.closest?.("[data-quote]");
      if (button) quote(button);
    },
    { within: document },
  );
  composer.on("click", ({ target }) => {
    if (!target.closest("[data-drop-quote]")) return;
    drop();
    composer.writingPlace()?.focus();
  });
  composer.on("via-changed", show);
  composer.on("reply-sent", drop);
}
