// Words and icons above the text: Markdown without knowing Markdown.
import "../../vendor/markdown-toolbar-element/index.js";
import { replaceRange } from "../lib/insert.js";

const SHORTCUTS = { b: "bold", i: "italic", k: "link" };

function insertStep(area) {
  const at = area.selectionStart;
  const line = area.value.lastIndexOf("\n", at - 1) + 1;
  const before = area.value.slice(0, line);
  const gap = !before || before.endsWith("\n\n") ? "" : "\n";
  area.focus();
  replaceRange(area, line, line, `${gap}## `);
  area.setSelectionRange(at + gap.length + 3, at + gap.length + 3);
}

export function start(toolbar) {
  const area = document.getElementById(toolbar.getAttribute("for"));
  const buttons = [...toolbar.querySelectorAll("[data-md-button]")];
  toolbar.hidden = false; // without script its buttons would do nothing

  // One stop for the Tab key; arrows move inside (the vendored element does that).
  toolbar.removeAttribute("tabindex");
  buttons.forEach((button, index) => button.setAttribute("tabindex", index ? "-1" : "0"));
  toolbar.addEventListener("focusin", ({ target }) => {
    if (!buttons.includes(target)) return;
    for (const button of buttons) button.tabIndex = button === target ? 0 : -1;
  });

  toolbar.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-md-button]");
    if (button?.dataset.mdButton === "step") insertStep(area);
    if (button?.dataset.mdButton === "pick") {
      document.getElementById(toolbar.dataset.picker)?.click();
    }
  });

  area?.addEventListener("keydown", (event) => {
    const style = SHORTCUTS[event.key.toLowerCase()];
    if (!style || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    const button = buttons.find(({ dataset }) => dataset.mdButton === style);
    if (!button) return;
    event.preventDefault();
    button.click();
  });
}
