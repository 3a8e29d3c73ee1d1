// "You have text that was not saved": offers this owner's copies on this device.
import { fill } from "./form-values.js";
import * as copies from "./local-copies.js";
import { words } from "./words.js";

const MARK = "#restore=";
const LEFT_BEHIND = 1500;

function row(block, copy) {
  const element = block.querySelector("template").content.firstElementChild.cloneNode(true);
  const texts = copy.values.filter(([, value]) => /\S/.test(value));
  const title = texts.find(([name]) => name === "title")?.[1];
  const longest = texts.map(([, value]) => value).sort((a, b) => b.length - a.length)[0];
  const set = (name, text) => {
    const part = element.querySelector(`[data-recovery-${name}]`);
    if (part) part.textContent = text;
  };
  set("title", title || words(block, "untitled"));
  set("excerpt", (longest ?? "").slice(0, 140));
  set("time", new Date(copy.at).toLocaleString(document.documentElement.lang || undefined, {
    dateStyle: "medium",
    timeStyle: "short",
  }));
  return element;
}

/** Take a copy into the form and go on with the draft it belongs to. */
function restore(draft, copy) {
  draft.keepLocal();
  draft.key = copy.key;
  draft.version = copy.version;
  draft.copyId = copy.key;
  draft.restoredId = copy.id;
  draft.confirmed = null;
  draft.stopped = false;
  copies.hold(draft.owner, copy.key);
  fill(draft.form, copy.values);
  draft.keepLocal();
  draft.save();
}

/** Another kind asks other questions: a form fits when it has a place for each answer. */
function fits(form, copy) {
  if (copy.scope !== (form.dataset.scope ?? "")) return false;
  return copy.values.every(([name, value]) => !/\S/.test(value) || form.elements.namedItem(name));
}

function restoreOrGo(draft, copy) {
  if (fits(draft.form, copy)) return restore(draft, copy);
  // Written for another page (a kind, an edit, a comment): go there, it is filled in on
  // arrival.
  location.assign(location.origin + copy.url + MARK + encodeURIComponent(copy.id));
  return null;
}

export async function offerCopies(draft) {
  const held = await copies.heldKeys(draft.owner);
  copies.hold(draft.owner, draft.key);
  offer(draft, (copy) => !held.has(copy.key));
  if (!held.size) return;
  // A page being left may still hold its lock for a moment: look once more.
  setTimeout(async () => {
    const still = await copies.heldKeys(draft.owner);
    offer(draft, (copy) => held.has(copy.key) && !still.has(copy.key));
  }, LEFT_BEHIND);
}

function offer(draft, free) {
  const inside = draft.form.querySelector("[data-draft-recovery]");
  const block = inside ?? document.querySelector("[data-draft-recovery]");
  const scope = draft.form.dataset.scope ?? "";
  const wanted = location.hash.startsWith(MARK)
    ? decodeURIComponent(location.hash.slice(MARK.length))
    : null;
  for (const copy of copies.list(draft.owner).filter(free)) {
    if (copy.key === draft.key && JSON.stringify(copy.values) === draft.confirmed) {
      copies.remove(draft.owner, copy.id);
    } else if (copy.id === wanted && copy.scope === scope) {
      history.replaceState(null, "", location.pathname + location.search);
      restore(draft, copy);
    } else if (block && (!inside || copy.scope === scope)) {
      add(block, draft, copy);
    }
  }
}

function add(block, draft, copy) {
  const element = row(block, copy);
  const done = () => {
    element.remove();
    block.hidden = !block.querySelector("[data-recovery-restore]");
  };
  element.querySelector("[data-recovery-restore]").addEventListener("click", () => {
    done();
    restoreOrGo(draft, copy);
  });
  element.querySelector("[data-recovery-discard]").addEventListener("click", () => {
    copies.remove(draft.owner, copy.id);
    done();
  });
  (block.querySelector("[data-draft-recovery-list]") ?? block).append(element);
  block.hidden = false;
}
