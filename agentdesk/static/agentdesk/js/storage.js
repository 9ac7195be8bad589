/* What this browser stores for the desk. It may refuse to (full, site data blocked), and what is found
   may have the wrong shape: then a value lives as long as this page, and rubbish counts as nothing.
   `place` is "localStorage" or "sessionStorage"; values are JSON. */
const memory = new Map();

export function readStored(place, key, otherwise, isValid) {
  const name = `${place} ${key}`;
  if (memory.has(name)) return memory.get(name);
  try {
    const value = JSON.parse(window[place].getItem(key));
    return value !== null && isValid(value) ? value : otherwise;
  } catch {
    return otherwise;
  }
}

export function writeStored(place, key, value) {
  const name = `${place} ${key}`;
  memory.delete(name);
  try {
    window[place].setItem(key, JSON.stringify(value));
  } catch {
    memory.set(name, value);
  }
}

export function removeStored(place, key) {
  memory.delete(`${place} ${key}`);
  try {
    window[place].removeItem(key);
  } catch {
    /* There was nothing to remove. */
  }
}

/* The keys that begin like that, in no order. */
export function storedKeys(place, beginning) {
  const keys = [...memory.keys()].map((name) => name.slice(place.length + 1));
  try {
    keys.push(...Object.keys(window[place]));
  } catch {
    /* Without storage there are those of this page. */
  }
  return [...new Set(keys)].filter((key) => key.startsWith(beginning));
}

export function isList(value) {
  return Array.isArray(value);
}

/* Run `work` while no other tab runs one of that name, as far as the browser can see to it. */
export async function alone(name, work) {
  let hasBegun = false;
  const begin = () => {
    hasBegun = true;
    return work();
  };
  try {
    return await navigator.locks.request(name, begin);
  } catch (error) {
    if (hasBegun) throw error;
    return work();
  }
}
