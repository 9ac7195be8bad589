/* What the server says (HX-Trigger) to an element that a live event has replaced meanwhile: htmx
   tells it to that element alone, where nobody listens any more. It goes to the page instead. */
function eventsOf(header) {
  if (!header.startsWith("{")) return header.split(",").map((name) => [name.trim(), {}]);
  return Object.entries(JSON.parse(header)).map(([name, value]) => [
    name,
    value && typeof value === "object" ? value : { value },
  ]);
}

function relay(request) {
  const header = request.getResponseHeader("HX-Trigger");
  if (!header) return;
  for (const [name, detail] of eventsOf(header)) window.htmx.trigger(document.body, name, detail);
}

/* Before htmx reads the answer: whatever it swaps out itself was still there. */
document.addEventListener("htmx:beforeRequest", ({ detail: { elt, xhr } }) => {
  xhr.addEventListener("readystatechange", () => {
    if (xhr.readyState === XMLHttpRequest.DONE && !elt.isConnected) relay(xhr);
  });
});
