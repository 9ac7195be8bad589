/* The question before a send: its buttons lead to the place in the text, or send it as it is. A text
   that was changed meanwhile is asked about again, by the server. */
const form = () => document.getElementById("composer");
const warnings = () => document.querySelector("[data-send-warnings]");

function field() {
  return form()?.querySelector(`textarea[data-for="${warnings().dataset.for}"]`);
}

/* The question stays while one looks at the other kind: its answer is about the text it was asked of. */
function toItsKind() {
  const radio = form()?.querySelector(`input[name=kind][value="${warnings().dataset.for}"]`);
  if (radio && !radio.checked) radio.click();
}

/* The words are looked for again where the text before them has changed. */
function goTo({ dataset }) {
  const text = field();
  const words = document.querySelector(`[data-fix][data-start="${dataset.start}"] mark`);
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

document.addEventListener(
  "click",
  ({ target }) => {
    if (target.closest?.("[data-send-warnings] button")) toItsKind();
  },
  true,
);
document.addEventListener("click", ({ target }) => {
  const fix = target.closest?.("[data-fix]");
  const anyway = target.closest?.("[data-send-anyway]");
  if (fix) goTo(fix);
  if (anyway) {
    form().elements.namedItem("confirmed").value = anyway.dataset.sendAnyway;
    form().requestSubmit();
  }
});
document.addEventListener("composer-warned", () => {
  warnings()?.querySelector("[data-fix-first]").focus({ preventScroll: true });
});
document.addEventListener("composer-sent", () => {
  const confirmed = form()?.elements.namedItem("confirmed");
  if (confirmed) confirmed.value = "";
});
