/* The list of the desk: which row is open, and moving through it with J and K. */
function current() {
  return document.getElementById("workspace")?.dataset.conversation ?? "";
}

function mark() {
  const open = current();
  for (const entry of document.querySelectorAll("#list .entry")) {
    if (entry.dataset.conversation === open) entry.setAttribute("aria-current", "true");
    else entry.removeAttribute("aria-current");
  }
}

/* Rows that a later page repeats after the first one was read again. */
function dropRepeats() {
  const seen = new Set();
  for (const entry of document.querySelectorAll("#list .entry")) {
    if (seen.has(entry.id)) entry.remove();
    else seen.add(entry.id);
  }
}

function move(step) {
  const entries = [...document.querySelectorAll("#list .entry")];
  if (!entries.length) return;
  const at = entries.findIndex((entry) => entry.dataset.conversation === current());
  const next = entries[at < 0 ? 0 : Math.min(Math.max(at + step, 0), entries.length - 1)];
  if (!next || entries.indexOf(next) === at) return;
  next.scrollIntoView({ block: "nearest" });
  next.focus({ preventScroll: true });
  next.click();
}

document.addEventListener("click", ({ target }) => {
  const step = target.closest?.("[data-move]")?.dataset.move;
  if (step) move(Number(step));
});

/* The server names the conversation to go on with; to htmx this is the user's own click. */
document.addEventListener("open-conversation", ({ detail }) => {
  window.htmx.ajax("GET", detail.url, {
    target: "#workspace",
    swap: "outerHTML",
    event: new Event("click"),
  });
});

document.addEventListener("htmx:afterSettle", ({ detail }) => {
  if (detail.target?.id === "list" || detail.elt?.closest?.("#list")) dropRepeats();
  mark();
  const title = document.getElementById("workspace")?.dataset.title;
  if (title && !document.title.includes(title)) {
    document.title = document.title.replace(/^(\(\d+\) )?.*$/, `$1${title} | Agentdesk`);
  }
});
mark();
