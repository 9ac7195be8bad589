/* Signals of the desk: something is new, somebody types. Never content. */

const PING = 25000;
const SLOWEST = 30000;
const NOT_KNOWN = 4401;
const TOO_MANY = 4429;

export class Socket extends EventTarget {
  constructor(url, token) {
    super();
    this.url = url;
    this.token = token; // a function: the token may change
    this.tries = 0;
    this.isOpen = false;
    this.isWanted = false;
    window.addEventListener("online", () => this.isWanted && this.connect());
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden && this.isWanted && !this.isOpen) this.connect();
    });
  }

  start() {
    this.isWanted = true;
    if (this.isOpen) this.say({ do: "hello", token: this.token() });
    else this.connect();
  }

  connect() {
    clearTimeout(this.timer);
    if (this.line && this.line.readyState < 2) return;
    try {
      this.line = new WebSocket(this.url);
    } catch {
      return this.again();
    }
    this.line.onopen = () => this.say({ do: "hello", token: this.token() });
    this.line.onmessage = ({ data }) =>
      [JSON.parse(data)].flat().forEach((signal) => this.hear(signal)); // one, or several
    this.line.onclose = (event) => this.closed(event.code);
  }

  hear(signal) {
    this.answered = true;
    if (signal.kind === "hello") {
      this.tries = 0;
      this.isOpen = true;
      clearInterval(this.beat);
      this.beat = setInterval(() => this.ping(), PING);
    }
    this.dispatchEvent(new CustomEvent(signal.kind, { detail: signal.ids || {} }));
  }

  ping() {
    if (!this.answered) return this.line.close(); // nothing came since the last one
    this.answered = false;
    this.say({ do: "ping" });
  }

  say(frame) {
    if (this.line && this.line.readyState === 1) this.line.send(JSON.stringify(frame));
  }

  closed(code) {
    clearInterval(this.beat);
    const was = this.isOpen;
    this.isOpen = false;
    if (was) this.dispatchEvent(new Event("lost"));
    if ([NOT_KNOWN, TOO_MANY].includes(code)) this.tries = Math.max(this.tries, 4);
    if (code === NOT_KNOWN) this.dispatchEvent(new Event("unknown"));
    if (this.isWanted) this.again();
  }

  again() {
    this.tries += 1;
    const wait = Math.min(SLOWEST, 500 * 2 ** this.tries);
    this.timer = setTimeout(() => this.connect(), wait * (0.5 + Math.random()));
  }
}
