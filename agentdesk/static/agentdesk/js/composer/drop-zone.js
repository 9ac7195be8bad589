/* While files are dragged over the conversation it says what they would be attached to. */
const leaves = ({ relatedTarget }) => !relatedTarget?.closest?.("#conversation");

export function dropZone(composer) {
  const zone = document.getElementById("drop-zone");
  const hide = () => (zone.hidden = true);

  function show({ target, dataTransfer }) {
    const isOver = dataTransfer?.types.includes("Files") && target.closest?.("#conversation");
    if (!isOver) {
      hide();
      return;
    }
    for (const words of zone.querySelectorAll("[data-for]")) words.hidden = words.dataset.for !== composer.kind;
    zone.hidden = false;
  }

  composer.on("dragover", show, { within: document });
  composer.on("dragleave", (event) => leaves(event) && hide(), { within: document });
  composer.on("drop", hide, { within: document });
  composer.on("dragend", hide, { within: document });
}
