/* The question before a send: its buttons lead to the place in the text, or send it as it is. A text
   that was changed meanwhile is asked about again, by the server. */
export function beforeSend(composer) {
  const { form } = composer;
  const warnings = () => composer.querySelector("[data-send-warnings]");
  const confirmed = form.elements.namedItem("confirmed");

  /* The question stays while one looks at the other kind: its answer is about the text it was asked of. */
  function toItsKind() {
    const radio = form.querySelector(`input[name=kind][value="${warnings().dataset.for}"]`);
    if (radio && !radio.checked) radio.click();
  }

  /* The words are looked for again where the text before them has changed. */
  function goTo({ dataset }) {
    const text = composer.field(warnings().dataset.for);
    const words = composer.querySelector(`[data-fix][data-start="${dataset.start}"] mark`);
    let start = Number(dataset.start);
    let end = Number(dataset.end);
    const wanted = words?.textContent ?? "";
    if (wanted && text.value.slice(start, end) !== wanted && text.value.includes(wanted)) {
      start = text.value.indexOf(wanted);
      end = start + wanted.length;
    }
    text.focus();
    text.setSelectionRange(start, end);
  }

  composer.on("click", ({ target }) => target.closest("[data-send-warnings] button") && toItsKind(), {
    capture: true,
  });
  composer.on("click", ({ target }) => {
    const fix = target.closest("[data-fix]");
    const anyway = target.closest("[data-send-anyway]");
    if (fix) goTo(fix);
    if (anyway) {
      confirmed.value = anyway.dataset.sendAnyway;
      form.requestSubmit();
    }
  });
  composer.on("composer-warned", () => {
    warnings()?.querySelector("[data-fix-first]").focus({ preventScroll: true });
  });
  composer.on("composer-sent", () => {
    confirmed.value = "";
  });
}
