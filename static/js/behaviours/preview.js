// "As readers will see it": the server renders, this only asks and shows.
import { payload } from "../lib/form-values.js";
import { post } from "../lib/http.js";
import { words } from "../lib/words.js";

const WAIT = 250;

export function start(form) {
  const find = (selector) => form.querySelector(selector) ?? document.querySelector(selector);
  const target = find("[data-preview]");
  const counter = find("[data-word-count]");
  const main = form.querySelector("[data-main-text]") ?? form.querySelector("textarea");
  let timer = null;
  let running = null;

  function count() {
    if (!counter || !main) return;
    const number = main.value.trim() ? main.value.trim().split(/\s+/u).length : 0;
    counter.textContent = words(form, number === 1 ? "word" : "words", {
      count: number.toLocaleString(document.documentElement.lang || undefined),
    });
  }

  async function show() {
    running?.abort();
    const mine = new AbortController();
    running = mine;
    target.setAttribute("aria-busy", "true");
    try {
      const body = new URLSearchParams(payload(form));
      const answer = await post(form.dataset.previewUrl, body, {
        accept: "text/html",
        signal: mine.signal,
      });
      const html = await answer.text();
      if (running !== mine || !answer.ok || answer.redirected) return;
      const parsed = new DOMParser().parseFromString(html, "text/html");
      const { scrollTop, scrollLeft } = target;
      target.replaceChildren(...document.adoptNode(parsed.body).childNodes);
      target.scrollTo(scrollLeft, scrollTop);
    } catch {
      // Overtaken by newer text, or no network: the old picture stays readable.
    } finally {
      if (running === mine) target.setAttribute("aria-busy", "false");
    }
  }

  function soon() {
    count();
    clearTimeout(timer);
    if (target) timer = setTimeout(show, WAIT);
  }

  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
  count();
  if (target && main?.value.trim()) show(); // a text that was begun is shown at once
}
