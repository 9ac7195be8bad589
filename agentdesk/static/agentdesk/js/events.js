/* Every event of ours that goes from one module to another, or from the server (HX-Trigger) to one.
   Each: who says it, and what its detail holds. Nothing is said that is not listed here; the events of
   htmx begin with `htmx:` and are its own. Signals of the socket are `live:…`: see live.js. */
const EVENTS = {
  // Anybody, and the server.
  toast: "short news: {title, text, tone, action: {label, run | href | post and values, key}}, or a list",
  notify: "something the member should hear of: {title, body, url, sound, tag}",
  "focus-home": "the focus goes to where the page begins",
  "save-preference": "a setting without a form: {url, name, value}",
  "session-locked": "a password is wanted: {retry, isStepUp}; retry runs once it was given",
  "session-unlocked": "the server: the password was right",
  "connection-doubt": "a request failed: the socket looks whether it is still there",
  "connection-retry": "the socket tries again now",
  "connection-lost": "the socket is closed",
  "connection-back": "the socket is open, or the server answered on it",
  // The server alone.
  "close-dialog": "what the dialog was for is done",
  announce: "settings: {text, focus} is read out, and the focus goes there",
  "open-conversation": "the desk goes on with {url}",
  "replies-not-sent": "providers refused them: {replies}",
  // Of an element, to itself and what is around it.
  expired: "its moment has come ([data-expires])",
  suggested: "what was offered stands in the field: {start, text}",
  "picker-wanted": "the picker is to open beside {button}",
  picked: "of a button that has a picker: {values} were chosen, which nobody has posted",
  "call-left": "the notes belong to another call now: {call}; prevented, they stay",
  // Of the outbox.
  "outbox-changed": "its entries differ, by this tab or another",
  "outbox-sent": "the server has a message: {id, entry, kind, message, undo, inquiry}",
  // Of the composer, to its parts and to the page.
  "composer-writing": "whether a reply is being written: {writing}",
  "composer-files": "a file was taken, has arrived or is gone: may the message go?",
  "composer-sent": "the server has taken the message: {kind, message, client, undo, title, inquiry}",
  "composer-refused": "the server has not: {isSent} where it had gone already",
  "composer-warned": "the server asks before it sends",
  "reply-sent": "what was beside the reply is done with",
  "via-changed": "the reply goes by another channel, or the same one can do other things",
  "draft-gather": "each part adds what it keeps beside the reply to the detail",
  "note-gather": "the same beside the note",
  "draft-beside": "what stands beside the text has changed: {kind}",
  "file-for-place": "a picture is sent up for a place in the text: {file, place}",
};

/* False where somebody prevented what would follow. */
export function emit(name, detail = {}, { from = document, ...options } = {}) {
  if (!(name in EVENTS)) throw new Error(`events.js lists no ${name}`);
  return from.dispatchEvent(new CustomEvent(name, { detail, ...options }));
}

/* A field whose value a script has set says so as if somebody had typed. */
export function typedByScript(field) {
  field.dispatchEvent(new Event("input", { bubbles: true }));
}
