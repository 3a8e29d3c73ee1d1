// Wires the autosave of one form: typing, leaving, coming back, losing the network.
import { Draft } from "../lib/autosave.js";
import { offerCopies } from "../lib/recovery.js";

const PATIENCE = 3000;

/** An autosave on its way must not arrive after the publishing and bring the draft back. */
async function waitForAutosave(draft, event) {
  if (draft.passing || !draft.request) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (draft.waiting) return;
  draft.waiting = true;
  await Promise.race([draft.settled, new Promise((done) => setTimeout(done, PATIENCE))]);
  draft.waiting = false;
  draft.passing = true;
  draft.form.requestSubmit(event.submitter);
  draft.passing = false;
}

export async function start(form) {
  const draft = new Draft(form);
  const typed = () => draft.typed();
  form.addEventListener("input", typed);
  form.addEventListener("change", typed);
  form.addEventListener("focusout", () => draft.save());

  document.addEventListener("visibilitychange", () => {
    draft.attempts = 0;
    draft.save();
  });
  window.addEventListener("pagehide", () => {
    draft.keepLocal();
    draft.save();
  });
  window.addEventListener("online", () => {
    draft.attempts = 0;
    draft.save();
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) draft.leaving = false;
  });
  form.addEventListener("submit", (event) => waitForAutosave(draft, event), { capture: true });
  // Heard last, at the window: by now nobody has stopped the sending. The copy here
  // stays until the next page confirms it (see draft-done).
  window.addEventListener("submit", (event) => {
    if (event.target !== form || event.defaultPrevented) return;
    draft.keepLocal();
    draft.leaving = true;
  });

  await offerCopies(draft);
  if (draft.confirmed === null) draft.typed();
}
