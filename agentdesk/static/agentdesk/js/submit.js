/* One request at a time for a form or button that changes something: the second click of a double
   click goes nowhere, and the button that was pressed says that it is busy. */
const busy = new WeakMap();

function start(owner, button) {
  busy.set(owner, button ?? null);
  owner.setAttribute("aria-busy", "true");
  button?.setAttribute("aria-busy", "true");
}

function stop(owner) {
  busy.get(owner)?.removeAttribute("aria-busy");
  owner.removeAttribute("aria-busy");
  busy.delete(owner);
}

function buttonOf(owner, event) {
  if (!(owner instanceof HTMLFormElement)) return owner;
  return event?.submitter ?? owner.querySelector("[type=submit]");
}

/* Before anyone else hears of it: htmx would queue a second request behind the first. What else stands in
   a busy form goes on working: one may switch, attach and write while a message is under way. */
for (const press of ["submit", "click"]) {
  document.addEventListener(
    press,
    (event) => {
      const owner = press === "submit" ? event.target : event.target.closest?.("[aria-busy]");
      if (!busy.has(owner) || (press === "click" && owner instanceof HTMLFormElement)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
    },
    true,
  );
}

document.addEventListener("htmx:beforeRequest", ({ detail }) => {
  const { elt, requestConfig } = detail;
  const pressed = requestConfig.triggeringEvent?.type;
  if (requestConfig.verb === "get" || !["click", "submit"].includes(pressed)) return;
  start(elt, buttonOf(elt, requestConfig.triggeringEvent));
});

document.addEventListener("htmx:afterRequest", ({ detail }) => {
  if (busy.has(detail.elt)) stop(detail.elt);
});

/* Forms that load a page. In the bubbling phase htmx has had its turn: what it took is prevented. */
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.target) return;
  start(form, buttonOf(form, event));
});

/* Back to a page that the browser kept as it was. */
window.addEventListener("pageshow", ({ persisted }) => {
  if (!persisted) return;
  for (const form of document.querySelectorAll("form[aria-busy]")) stop(form);
});
