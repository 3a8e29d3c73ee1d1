// Ticking a step saves at once and moves the progress, without loading the page again.
// The answer may be a fragment or the whole page: only its [data-ticks] parts are taken.
import { post } from "../lib/http.js";
import { announce, words } from "../lib/words.js";

function takeOver(parsed) {
  const focused = document.activeElement;
  for (const fresh of parsed.querySelectorAll("[data-ticks]")) {
    const name = CSS.escape(fresh.dataset.ticks);
    const old = document.querySelector(`[data-ticks="${name}"]`);
    if (!old) continue;
    const again = old.contains(focused) && focused.id;
    old.replaceWith(document.adoptNode(fresh));
    if (again) document.getElementById(again)?.focus({ preventScroll: true });
  }
}

export function start(form) {
  form.addEventListener("change", (event) => {
    if (event.target.type === "checkbox") form.requestSubmit();
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (form.getAttribute("aria-busy") === "true") return;
    const body = new URLSearchParams(new FormData(form, event.submitter));
    form.setAttribute("aria-busy", "true");
    try {
      const answer = await post(form.getAttribute("action"), body, { accept: "text/html" });
      if (!answer.ok) throw new Error(`answered ${answer.status}`);
      const parsed = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (!parsed.querySelector("[data-ticks]")) throw new Error("no progress in the answer");
      takeOver(parsed);
    } catch {
      form.reset(); // shows again what the server knows
      announce(words(form, "failed"));
    } finally {
      form.setAttribute("aria-busy", "false");
    }
  });
}
