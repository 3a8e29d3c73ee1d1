// The server took this draft (published, sent, discarded): its copy here has done its work.
import { list, remove } from "../lib/local-copies.js";

export function start(element) {
  const { owner, key } = element.dataset;
  for (const copy of list(owner)) {
    if (copy.key === key) remove(owner, copy.id);
  }
  // The address has said what it had to; the one people copy is the plain one.
  const address = new URL(location.href);
  for (const name of ["published", "discarded"]) address.searchParams.delete(name);
  history.replaceState(history.state, "", address);
}
