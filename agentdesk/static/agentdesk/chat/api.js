/* The chat's HTTP endpoints. Whatever must not be lost goes this way. */

export class Refused extends Error {
  /* `status` 0: no answer came at all. */
  constructor(status, error, retryAfter) {
    super((error && error.text) || `status ${status}`);
    this.status = status;
    this.code = error ? error.code : "";
    this.retryAfter = retryAfter; // seconds, where the desk has said so
  }

  get isPassing() {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

const PATIENCE = 20000; // milliseconds until a request counts as lost
const UPLOAD_PATIENCE = 60000; // without any progress

export class Api {
  constructor(origin, key, language) {
    this.base = `${origin}/chat/${key}/`;
    this.socket = `${origin.replace(/^http/, "ws")}/ws/chat/${key}/`;
    this.language = language;
    this.token = "";
  }

  url(path) {
    return `${this.base}${path}${path.includes("?") ? "&" : "?"}l=${this.language}`;
  }

  headers(token) {
    return token ? { Authorization: `Visitor ${token}` } : {};
  }

  async ask(method, path, fields, token = this.token) {
    const headers = this.headers(token);
    if (fields) headers["Content-Type"] = "application/json";
    let response;
    try {
      response = await fetch(this.url(path), {
        method,
        headers,
        body: fields && JSON.stringify(fields),
        credentials: "omit",
        signal: AbortSignal.timeout ? AbortSignal.timeout(PATIENCE) : undefined,
      });
    } catch {
      throw new Refused(0);
    }
    const answer = await response.json().catch(() => ({}));
    if (!response.ok) {
      const wait = Number(response.headers.get("Retry-After")) || 0;
      throw new Refused(response.status, answer.error, wait);
    }
    return answer;
  }

  post(path, fields, token) {
    return this.ask("POST", path, fields, token);
  }

  get(path) {
    return this.ask("GET", path);
  }

  /* Send one file; `onProgress` gets per cent. */
  upload(file, clientId, onProgress) {
    const form = new FormData();
    form.append("client_id", clientId);
    form.append("file", file, file.name);
    const request = new XMLHttpRequest();
    return new Promise((resolve, reject) => {
      const stall = new Stall(UPLOAD_PATIENCE, () => request.abort());
      request.upload.onprogress = (event) => {
        stall.restart();
        if (event.lengthComputable) onProgress(Math.round((100 * event.loaded) / event.total));
      };
      request.onload = () => {
        const answer = parsed(request.responseText);
        const wait = Number(request.getResponseHeader("Retry-After")) || 0;
        if (request.status < 300) resolve(answer);
        else reject(new Refused(request.status, answer.error, wait));
      };
      request.onerror = request.onabort = () => reject(new Refused(0));
      request.onloadend = () => stall.stop();
      request.open("POST", this.url("files/"));
      request.setRequestHeader("Authorization", `Visitor ${this.token}`);
      request.send(form);
    });
  }

  /* A file of the chat: its address alone does not open it, the token does. */
  async file(key) {
    let response;
    try {
      response = await fetch(this.url(`files/${key}/`), {
        headers: this.headers(this.token),
        credentials: "omit",
      });
    } catch {
      throw new Refused(0);
    }
    if (!response.ok) throw new Refused(response.status);
    return response.blob();
  }
}

class Stall {
  constructor(patience, onStall) {
    Object.assign(this, { patience, onStall });
    this.restart();
  }

  restart() {
    this.stop();
    this.timer = setTimeout(this.onStall, this.patience);
  }

  stop() {
    clearTimeout(this.timer);
  }
}

/* A proxy may answer in its own words. */
function parsed(text) {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}
