// The server took this draft (published, sent, discarded): its copy here has done its work.
import { list, remove } from "../lib/local-copies.js";

export function start(element) {
  const { owner, key } = element.dataset;
  for (const copy of list(owner)) {
    if (copy.key === key) remove(owner, copy.id);
  }
}
