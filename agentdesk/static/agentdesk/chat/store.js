/* What the browser stores for us on the shop's site, shared by all its tabs. Where it refuses to,
   because it is full or forbidden, a value lives with this tab, and else with this page. */

const LOCK_PATIENCE = 8000; // a tab the system has put to sleep may hold a lock for ever

export class Store extends EventTarget {
  constructor(key) {
    super();
    this.prefix = `agentdesk:${key}:`;
    this.memory = new Map();
    window.addEventListener("storage", (event) => this.changedElsewhere(event));
  }

  /* Dispatches an event of the value's name; its `detail` is the id of what has ids. */
  changedElsewhere(event) {
    if (!event.key?.startsWith(this.prefix) || event.storageArea === area("sessionStorage")) return;
    const name = event.key.slice(this.prefix.length);
    this.memory.delete(name);
    remove("sessionStorage", event.key);
    const [kind, id] = name.split(":");
    this.dispatchEvent(new CustomEvent(kind, { detail: id }));
  }

  /* A value of the wrong shape is discarded: whatever wrote it, we cannot use it. */
  get(name, otherwise, isValid = (value) => typeof value === typeof otherwise) {
    if (this.memory.has(name)) return this.memory.get(name);
    for (const place of ["sessionStorage", "localStorage"]) {
      const text = read(place, this.prefix + name);
      if (text === null) continue;
      const value = parsed(text);
      if (isValid(value)) return value;
      remove(place, this.prefix + name);
    }
    return otherwise;
  }

  /* False where the value is lost with this page. */
  set(name, value) {
    const text = JSON.stringify(value);
    const key = this.prefix + name;
    this.memory.delete(name);
    if (write("localStorage", key, text)) {
      remove("sessionStorage", key);
      return true;
    }
    if (write("sessionStorage", key, text)) return true;
    this.memory.set(name, value);
    return false;
  }

  remove(name) {
    this.memory.delete(name);
    remove("sessionStorage", this.prefix + name);
    remove("localStorage", this.prefix + name);
  }

  /* The ids of everything stored as `kind:id`. */
  ids(kind) {
    const start = `${this.prefix}${kind}:`;
    const names = [...keys("sessionStorage"), ...keys("localStorage")];
    const found = names.filter((name) => name.startsWith(start));
    return [...new Set(found.map((name) => name.slice(start.length)))];
  }

  /* Run `work` while no other tab runs one of the same name, as far as the browser can see to it. */
  async alone(name, work) {
    let hasBegun = false;
    const begin = () => {
      hasBegun = true;
      return work();
    };
    try {
      const signal = AbortSignal.timeout(LOCK_PATIENCE);
      return await navigator.locks.request(this.prefix + name, { signal }, begin);
    } catch (error) {
      if (hasBegun) throw error;
      return work();
    }
  }
}

/* Merely to name a storage throws where site data are blocked. */
function area(place) {
  try {
    return window[place];
  } catch {
    return null;
  }
}

function keys(place) {
  try {
    return Object.keys(window[place]);
  } catch {
    return [];
  }
}

function read(place, key) {
  try {
    return window[place].getItem(key);
  } catch {
    return null;
  }
}

function write(place, key, text) {
  try {
    window[place].setItem(key, text);
    return true;
  } catch {
    return false;
  }
}

function remove(place, key) {
  try {
    window[place].removeItem(key);
  } catch {
    // There was nothing to remove.
  }
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
