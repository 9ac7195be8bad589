/* A live region may be replaced, beside the answer to something else, while it is being read. What it
   asked for then has no place any more: htmx would look for the places beside it in a page of its own
   and find none. Its successor asks once more, at its own address. */
function isAnswered(xhr) {
  return xhr.status >= 200 && xhr.status < 300;
}

function readAgain({ id }, event) {
  const successor = id ? document.getElementById(id) : null;
  const url = successor?.getAttribute("hx-get");
  if (url) window.htmx.ajax("GET", url, { source: successor, event });
}

document.addEventListener("htmx:beforeRequest", ({ detail }) => {
  const { elt, target, xhr, requestConfig } = detail;
  if (requestConfig.verb !== "get" || !elt.hasAttribute("hx-get")) return;
  const { onload } = xhr;
  xhr.onload = () => {
    const isReplaced = !elt.isConnected && isAnswered(xhr);
    if (isReplaced) {
      const leaveOut = ({ detail: swap }) => (swap.shouldSwap &&= swap.xhr !== xhr);
      target.addEventListener("htmx:beforeSwap", leaveOut, { once: true });
    }
    onload.call(xhr);
    if (isReplaced && xhr.status !== 204) readAgain(elt, requestConfig.triggeringEvent);
  };
});
