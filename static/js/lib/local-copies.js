// Copies of unsaved text on this device, one per draft and owner. Only what the server
// has not confirmed stays here, and only its owner is ever offered it.
const PREFIX = "commonplace:draft:";

function place(owner, id) {
  return `${PREFIX}${owner}:${id}`;
}

/** Keep a copy; false when this browser keeps nothing (private mode, full). */
export function write(owner, id, copy) {
  try {
    localStorage.setItem(place(owner, id), JSON.stringify(copy));
    return true;
  } catch {
    return false;
  }
}

export function read(owner, id) {
  try {
    return JSON.parse(localStorage.getItem(place(owner, id)));
  } catch {
    return null;
  }
}

export function remove(owner, id) {
  try {
    localStorage.removeItem(place(owner, id));
  } catch {
    // A browser that keeps nothing has nothing to remove.
  }
}

/** Remove a copy only when it holds exactly the text that was confirmed. */
export function removeIfSame(owner, id, serial) {
  const copy = read(owner, id);
  if (copy && JSON.stringify(copy.values) === serial) remove(owner, id);
}

/** All copies of an owner, newest first, each with the id it is kept under. */
export function list(owner) {
  const found = [];
  try {
    for (const name of Object.keys(localStorage)) {
      if (!name.startsWith(place(owner, ""))) continue;
      const id = name.slice(place(owner, "").length);
      const copy = read(owner, id);
      if (copy?.values && copy.key) found.push({ ...copy, id });
    }
  } catch {
    return [];
  }
  return found.sort((one, other) => other.at - one.at);
}

const mine = new Set();

/** A tab holds its draft's lock, so that others do not offer text still being typed. */
export function hold(owner, key) {
  const name = place(owner, key);
  navigator.locks?.request(name, () => {
    mine.add(name);
    return new Promise(() => {});
  });
}

/** Keys of drafts that other open tabs are writing. */
export async function heldKeys(owner) {
  if (!navigator.locks) return new Set();
  const { held } = await navigator.locks.query();
  const others = held.map((lock) => lock.name).filter((name) => !mine.has(name));
  return new Set(others.map((name) => name.slice(place(owner, "").length)));
}
