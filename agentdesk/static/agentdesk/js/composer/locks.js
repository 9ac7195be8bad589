/* Whether the message may go now: another member may hold the right to answer (a reply may be read then,
   not written), the channel may be closed (#composer-via says why), and files may be under way. */
export function locks(composer) {
  const { form } = composer;

  const holding = () => composer.querySelector("#composer-state[data-locked]");
  const isClosed = () => composer.querySelector("#composer-via[data-closed]") !== null;

  function blocked() {
    const files = composer.filesOf();
    if (files.querySelector("[data-refused]")) return form.dataset.removeRefused;
    return files.querySelector("[data-busy]") ? form.dataset.busy : "";
  }

  function sayBlocked() {
    const words = form.querySelector("#composer-blocked");
    words.textContent = blocked();
    words.hidden = words.textContent === "";
  }

  composer.isLocked = () =>
    blocked() !== "" || (composer.kind === "reply" && (Boolean(holding()) || isClosed()));

  composer.lock = () => {
    const isHeld = Boolean(holding());
    form.toggleAttribute("data-locked", composer.kind === "reply" && isHeld);
    const text = composer.field("reply");
    if (text) {
      const isTaken = isHeld && !text.readOnly && text.value.trim() !== "";
      text.readOnly = isHeld;
      if (isTaken) composer.emit("toast", { title: holding().dataset.taken, tone: "warning" });
    }
    for (const button of form.querySelectorAll("[data-send], #send-more")) {
      button.disabled = composer.isLocked();
    }
    sayBlocked();
  };

  const reply = composer.field("reply");
  if (reply) reply.readOnly = Boolean(holding());
  composer.on("composer-files", composer.lock);
  composer.on("via-changed", composer.lock);
  composer.on("htmx:afterSettle", composer.lock);
}
