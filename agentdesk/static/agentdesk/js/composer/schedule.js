/* Sending later: the menu beside the send button is read when it opens, for its times are of that moment.
   What was chosen goes along with the very next request of the form, or with the answer to the question
   that the server asks before it; the send button alone sends at once. */
import { csrfToken } from "../csrf.js";
import { emit } from "../events.js";
import { draftOf } from "./draft.js";

export function schedule(composer) {
  const { form } = composer;
  const menu = () => composer.querySelector("#send-later");
  let next = null; // what goes with the request that begins now: { send_at, yields }
  let last = null; // what went with the one the server asks about

  async function load() {
    const answer = await fetch(menu().dataset.url, { headers: { "HX-Request": "true" } }).catch(() => null);
    if (answer?.status === 401) emit("session-locked", { retry: load });
    if (!answer?.ok || !composer.isConnected) return;
    menu().innerHTML = await answer.text();
    if (menu().matches(":popover-open")) menu().querySelector("[role=menuitem]")?.focus();
    window.dispatchEvent(new Event("resize")); // it is placed by its size
  }

  function choose(sendAt) {
    if (!sendAt) return;
    // What is on its way already would have it queued, and sent by what is chosen then.
    if (form.matches(".htmx-request")) {
      const again = () => window.setTimeout(() => choose(sendAt));
      form.addEventListener("htmx:afterRequest", again, { once: true });
      return;
    }
    next = { send_at: sendAt, yields: menu().querySelector("#send-later-yields").checked };
    if (menu().matches(":popover-open")) menu().hidePopover();
    form.requestSubmit();
    next = null;
  }

  async function edit(button) {
    const headers = { "X-CSRFToken": csrfToken(), "HX-Request": "true" };
    const address = button.dataset.editScheduled;
    let news = null;
    const store = async () => {
      const answer = await fetch(address, { method: "POST", headers }).catch(() => null);
      if (answer?.status === 401) emit("session-locked", { retry: () => edit(button) });
      news = JSON.parse(answer?.headers.get("HX-Trigger") ?? "{}").toast;
      return Boolean(answer?.ok);
    };
    button.disabled = true;
    if (await composer.takeBack("reply", store)) return;
    button.disabled = false;
    const { unreachable } = document.getElementById("toasts").dataset;
    emit("toast", news ?? { title: unreachable, tone: "danger" });
  }

  composer.on("toggle", ({ target, newState }) => target === menu() && newState === "open" && load(), {
    capture: true, // it does not bubble
  });
  composer.on("click", ({ target }) => {
    const offered = target.closest("[data-send-at]");
    if (offered) choose(offered.dataset.sendAt);
    if (target.closest("[data-send-at-chosen]")) choose(menu().querySelector("#send-later-at").value);
    if (target.closest("[data-send]")) last = null;
  });
  composer.on("keydown", (event) => {
    if (event.key !== "Enter" || event.target.id !== "send-later-at") return;
    event.preventDefault();
    choose(event.target.value);
  });
  /* Before the question's own listener submits the form. */
  function confirm({ target }) {
    if (!target.closest("[data-send-anyway]")) return;
    next = last;
    window.setTimeout(() => (next = null));
  }

  composer.on("click", confirm, { capture: true });
  composer.on(
    "click",
    ({ target }) => {
      const button = target.closest("[data-edit-scheduled]");
      if (button) edit(button);
    },
    { within: composer.closest("#workspace") ?? composer },
  );
  composer.on("htmx:configRequest", ({ detail }) => {
    if (detail.elt !== form || detail.verb !== "post") return;
    last = next;
    next = null;
    if (!last || composer.kind !== "reply") return;
    const text = composer.field();
    detail.parameters.send_at = last.send_at;
    if (last.yields) detail.parameters.yields = "on";
    detail.parameters.draft_body = text.value;
    detail.parameters.beside = draftOf(composer, text);
  });
  for (const name of ["composer-sent", "composer-refused"]) composer.on(name, () => (last = null));
}
