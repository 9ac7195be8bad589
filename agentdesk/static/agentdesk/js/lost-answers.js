/* An element may be replaced, by a live event or beside the answer to something else, while its own
   request is under way. To htmx the answer then has no place: it would say what the server says
   (HX-Trigger) to that element alone, where nobody listens any more, and look for the places to fill in
   a page of their own. So the page is told instead, and of a region that was being read its successor
   asks once more, at its own address. */
function eventsOf(header) {
  if (!header.startsWith("{")) return header.split(",").map((name) => [name.trim(), {}]);
  return Object.entries(JSON.parse(header)).map(([name, value]) => [
    name,
    value && typeof value === "object" ? value : { value },
  ]);
}

function tellPage(xhr) {
  const header = xhr.getResponseHeader("HX-Trigger");
  if (!header) return;
  for (const [name, detail] of eventsOf(header)) window.htmx.trigger(document.body, name, detail);
}

function readAgain({ id }, event) {
  const successor = id ? document.getElementById(id) : null;
  const url = successor?.getAttribute("hx-get");
  if (url) window.htmx.ajax("GET", url, { source: successor, event });
}

function leaveOut(target, xhr) {
  const refuse = ({ detail: swap }) => (swap.shouldSwap &&= swap.xhr !== xhr);
  target.addEventListener("htmx:beforeSwap", refuse, { once: true });
}

/* Before htmx reads the answer: whatever it swaps out itself was still there. */
document.addEventListener("htmx:beforeRequest", ({ detail }) => {
  const { elt, target, xhr, requestConfig } = detail;
  const isReading = requestConfig.verb === "get" && elt.hasAttribute("hx-get");
  const { onload } = xhr;
  xhr.onload = () => {
    if (elt.isConnected) {
      onload.call(xhr);
      return;
    }
    const isAnswered = xhr.status >= 200 && xhr.status < 300;
    tellPage(xhr);
    if (isReading && isAnswered) leaveOut(target, xhr);
    onload.call(xhr);
    if (isReading && isAnswered && xhr.status !== 204) {
      readAgain(elt, requestConfig.triggeringEvent);
    }
  };
});
