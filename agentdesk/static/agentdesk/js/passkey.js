/* Passkeys. A form[data-passkey] is "sign-in" (options fetched from its action), "use" or "add"
   (options in the JSON block inside it). What the browser answers goes into its credential field. */
const TEXT = new TextDecoder();

function toBytes(base64url) {
  const base64 = base64url.replace(/-/g, "+").replace(/_/g, "/");
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}

function toBase64url(buffer) {
  const letters = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte));
  return btoa(letters.join("")).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

function withBytes(options) {
  const publicKey = structuredClone(options);
  publicKey.challenge = toBytes(publicKey.challenge);
  if (publicKey.user) publicKey.user.id = toBytes(publicKey.user.id);
  for (const list of [publicKey.allowCredentials, publicKey.excludeCredentials]) {
    for (const known of list ?? []) known.id = toBytes(known.id);
  }
  return { publicKey };
}

function asJson(credential) {
  const response = {};
  for (const name of [
    "clientDataJSON",
    "attestationObject",
    "authenticatorData",
    "signature",
    "userHandle",
  ]) {
    if (credential.response[name]) response[name] = toBase64url(credential.response[name]);
  }
  if (credential.response.getTransports) {
    response.transports = credential.response.getTransports();
  }
  return JSON.stringify({
    id: credential.id,
    rawId: toBase64url(credential.rawId),
    type: credential.type,
    response,
    clientExtensionResults: credential.getClientExtensionResults(),
  });
}

async function optionsOf(form) {
  const block = form.querySelector("script[type='application/json']");
  if (block) return JSON.parse(block.textContent);
  const response = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error(`options: ${response.status}`);
  return JSON.parse(TEXT.decode(await response.arrayBuffer()));
}

async function ask(form) {
  const options = await optionsOf(form);
  if (form.dataset.passkey !== "add") {
    return navigator.credentials.get(withBytes(options.request_options.publicKey));
  }
  const { publicKey } = options.creation_options;
  if (form.elements.passwordless?.checked) {
    publicKey.authenticatorSelection = {
      ...publicKey.authenticatorSelection,
      residentKey: "required",
      requireResidentKey: true,
      userVerification: "required",
    };
  }
  return navigator.credentials.create(withBytes(publicKey));
}

function say(form, name) {
  const line = form.querySelector("[data-passkey-error]");
  line.textContent = name ? line.dataset[name] : "";
  line.hidden = !name;
}

/* submit.js has marked the form as busy; it is the user's again when nothing was sent. */
function release(form) {
  for (const owner of [form, ...form.querySelectorAll("[aria-busy]")]) {
    owner.removeAttribute("aria-busy");
  }
}

document.addEventListener(
  "submit",
  async (event) => {
    const form = event.target;
    if (!form.dataset.passkey || form.dataset.answered) return;
    event.preventDefault();
    event.stopPropagation();
    say(form, "");
    try {
      const credential = await ask(form);
      form.elements.credential.value = asJson(credential);
      form.dataset.answered = "yes";
      form.requestSubmit();
    } catch (error) {
      say(form, error.name === "NotAllowedError" ? "refused" : "failed");
      release(form);
    } finally {
      delete form.dataset.answered;
    }
  },
  true,
);

function show() {
  if (!window.PublicKeyCredential) return;
  for (const form of document.querySelectorAll("form[data-passkey][hidden]")) {
    form.hidden = false;
  }
}

document.addEventListener("htmx:load", show);
show();
