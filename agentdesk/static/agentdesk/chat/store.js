/* What the browser keeps for us on the shop's site, shared by all its tabs. */

export class Store extends EventTarget {
  constructor(key) {
    super();
    this.prefix = `agentdesk:${key}:`;
    this.memory = new Map(); // where the browser allows no storage
    window.addEventListener("storage", (event) => {
      if (event.key && event.key.startsWith(this.prefix)) {
        this.dispatchEvent(new Event(event.key.slice(this.prefix.length)));
      }
    });
  }

  get(name, otherwise = null) {
    try {
      const text = localStorage.getItem(this.prefix + name);
      return text === null ? this.fromMemory(name, otherwise) : JSON.parse(text);
    } catch {
      return this.fromMemory(name, otherwise);
    }
  }

  fromMemory(name, otherwise) {
    return this.memory.has(name) ? this.memory.get(name) : otherwise;
  }

  set(name, value) {
    this.memory.set(name, value);
    try {
      localStorage.setItem(this.prefix + name, JSON.stringify(value));
    } catch {
      // Full or forbidden: it lives as long as this page.
    }
  }

  remove(name) {
    this.memory.delete(name);
    try {
      localStorage.removeItem(this.prefix + name);
    } catch {
      // There was nothing to remove.
    }
  }

  /* Run `work` while no other tab runs one of the same name. */
  async alone(name, work) {
    if (!navigator.locks) return work();
    return navigator.locks.request(this.prefix + name, work);
  }
}
