// A "Copy" button at each block of code of a text.
import { copy } from "../lib/clipboard.js";
import { announce, words } from "../lib/words.js";

function add(block) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy-code";
  button.textContent = words(document.body, "copy");
  button.addEventListener("click", async () => {
    const code = (block.querySelector("code") ?? block).textContent;
    const done = words(document.body, (await copy(code)) ? "copied" : "copy-failed");
    button.textContent = done;
    announce(done);
    setTimeout(() => {
      button.textContent = words(document.body, "copy");
    }, 2000);
  });
  const frame = document.createElement("div");
  frame.className = "code-block";
  block.replaceWith(frame);
  frame.append(button, block);
}

export function start(element) {
  const selector = element.matches(".prose") ? "pre" : ".prose pre";
  for (const block of element.querySelectorAll(selector)) {
    if (!block.closest(".code-block")) add(block);
  }
}
