/* Whether the desk is writing an answer, and whether the visitor is. */

const LONGEST = 8000; // without a further signal, whoever wrote has stopped
const EVERY = 3000;

export class Typing {
  constructor(chat) {
    this.chat = chat;
    this.isOn = false;
    this.saidAt = 0;
  }

  set(isOn) {
    clearTimeout(this.timer);
    this.isOn = isOn;
    if (isOn) this.timer = setTimeout(() => this.set(false), LONGEST);
    this.chat.changed();
  }

  say(isOn) {
    const now = Date.now();
    if (isOn && now - this.saidAt < EVERY) return;
    this.saidAt = isOn ? now : 0;
    this.chat.socket.say({ do: "typing", on: isOn });
  }
}
