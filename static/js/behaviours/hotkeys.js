// Keys of `[data-hotkey]`: "/" searches, "g h" goes home, "c" writes. A person who
// switched single keys off (or speaks to the machine) has data-hotkeys="off" on the body.
import { install } from "../../vendor/hotkey/index.js";

const known = new WeakSet();

export function start(element) {
  if (document.body.dataset.hotkeys === "off") return;
  const inside = [...element.querySelectorAll("[data-hotkey]")];
  if (element.matches("[data-hotkey]")) inside.unshift(element);
  for (const one of inside) {
    if (known.has(one)) continue;
    known.add(one);
    install(one);
  }
}
