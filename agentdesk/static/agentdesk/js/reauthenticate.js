/* Forms that load a page would lose what stands in them if the session has ended meanwhile. After a
   rest they ask first whether the person is still signed in; session.js shows the question. */
import { emit } from "./events.js";

const REST = 60_000;
let seenAt = Date.now();
const confirmed = new WeakSet();

async function isSignedIn(url) {
  const response = await fetch(url, { headers: { "HX-Request": "true" } }).catch(() => null);
  return response === null || response.status === 204;
}

/* What asks for a proof of this moment is asked about each time it is sent. */
function isFresh(form) {
  if ("stepUp" in form.dataset) return confirmed.delete(form);
  return Date.now() - seenAt < REST;
}

function isOurs(form) {
  return (
    form.method === "post" &&
    !form.dataset.passkey &&
    !("signOut" in form.dataset) &&
    !form.closest("#reauthenticate")
  );
}

document.addEventListener(
  "submit",
  async (event) => {
    const { target: form, submitter } = event;
    const isStepUp = "stepUp" in form.dataset;
    const address = document.getElementById("reauthenticate")?.dataset.url;
    const url = address && isStepUp ? `${address}&step-up=1` : address;
    const takenByHtmx = form.matches("[hx-post], [hx-put], [hx-patch], [hx-delete]");
    if (!url || takenByHtmx || !isOurs(form) || isFresh(form)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const again = () => {
      seenAt = Date.now();
      if (isStepUp) confirmed.add(form);
      form.requestSubmit(submitter);
    };
    if (await isSignedIn(url)) again();
    else emit("session-locked", { retry: again, isStepUp });
  },
  true,
);

document.addEventListener("htmx:afterRequest", ({ detail }) => {
  if (detail.successful && detail.requestConfig?.triggeringEvent) seenAt = Date.now();
});
