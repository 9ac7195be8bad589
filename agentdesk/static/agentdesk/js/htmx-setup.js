/* What every htmx request needs: the CSRF token of this moment, and an answer to every failure. The
   static part of the configuration is <meta name="htmx-config"> in base.html. */
import { csrfToken } from "./csrf.js";
import { emit } from "./events.js";

const USER_EVENTS = new Set(["click", "submit", "change", "input", "keydown", "keyup", "drop"]);

function words(name) {
  return document.getElementById("toasts")?.dataset[name] ?? "";
}

/* A live region that fetches itself stays quiet: connection.js speaks for it. So does a composer, whose
   message is in the outbox. */
function isByUser(detail) {
  return !detail.elt.matches?.("[data-composer]") && USER_EVENTS.has(detail.requestConfig?.triggeringEvent?.type);
}

function retrying(detail) {
  const { elt, requestConfig } = detail;
  return () => {
    if (!elt.isConnected) return;
    if (elt instanceof HTMLFormElement) elt.requestSubmit();
    else window.htmx.trigger(elt, requestConfig?.triggeringEvent?.type ?? "click");
  };
}

function fail(title, detail, { text = "", retry = false } = {}) {
  const action = retry ? { label: words("retry"), run: retrying(detail) } : null;
  emit("toast", { title, text, tone: "danger", action });
}

/* The token is read when it is needed: it changes when somebody signs in again over the page. */
document.addEventListener("htmx:configRequest", ({ detail }) => {
  if (detail.verb === "get") return;
  detail.headers["X-CSRFToken"] = csrfToken();
  if (detail.parameters.csrfmiddlewaretoken) {
    detail.parameters.csrfmiddlewaretoken = csrfToken();
  }
});

document.addEventListener(
  "submit",
  ({ target }) => {
    const field = target.querySelector?.(":scope input[name=csrfmiddlewaretoken]");
    if (field && csrfToken()) field.value = csrfToken();
  },
  true,
);

document.addEventListener("htmx:responseError", ({ detail }) => {
  const { status } = detail.xhr;
  if (status === 401) {
    const isStepUp = detail.xhr.getResponseHeader("X-Step-Up") === "1";
    emit("session-locked", { retry: retrying(detail), isStepUp });
  } else if (!isByUser(detail)) {
    return;
  } else if (status === 403) {
    fail(words("forbidden"), detail);
  } else if (status === 404 || status === 410) {
    fail(words("missing"), detail);
  } else if (status === 429) {
    fail(words("busy"), detail, { retry: true });
  } else {
    fail(words("failed"), detail, { retry: true });
  }
});

for (const event of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(event, ({ detail }) => {
    emit("connection-doubt");
    if (isByUser(detail)) fail(words("unreachable"), detail, { retry: true });
  });
}

/* A composer keeps its text, its caret and its IME: a live region never replaces one. Only what the
   user did (opening another conversation) may. */
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (!isByUser(detail) && detail.target?.querySelector?.("[data-composer]")) {
    detail.shouldSwap = false;
  }
});

/* A region that is read again while it is being read (hx-sync="this:replace") gives the first request up.
   That is meant so: htmx would write it into the console as two errors. */
function withoutErrors(act) {
  const { error } = console;
  console.error = () => {};
  try {
    act();
  } finally {
    console.error = error;
  }
}

document.addEventListener("htmx:beforeRequest", ({ detail: { elt, xhr } }) => {
  if (!elt.getAttribute?.("hx-sync")?.endsWith("replace")) return;
  const { onabort } = xhr;
  xhr.onabort = () => withoutErrors(() => onabort.call(xhr));
});

/* htmx.ajax() rejects, with nothing, what was aborted for a newer request, and what failed: that is
   said by its events. Only a rejection that says something is an error of ours. */
window.addEventListener("unhandledrejection", (event) => {
  if (event.reason === undefined) event.preventDefault();
});
