// A button that copies another element's text: an invitation link, an address.
import { copy } from "../lib/clipboard.js";
import { announce, words } from "../lib/words.js";

export function start(button) {
  const label = button.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const source = document.querySelector(button.dataset.copy);
    if (!source) return;
    const text = source.value ?? source.href ?? source.textContent.trim();
    const done = words(document.body, (await copy(text)) ? "copied" : "copy-failed");
    button.textContent = done;
    announce(done);
    setTimeout(() => {
      button.textContent = label;
    }, 2000);
  });
}
