// The only script tag of a page. It starts what the page asks for and nothing else:
// `data-behaviour="draft preview"` loads behaviours/draft.js and behaviours/preview.js,
// a `<relative-time>` or a `data-hx-…` attribute loads its vendored file.
// Without this file every form and link still works.
import { csrfToken } from "./lib/http.js";

const NAME = /^[a-z][a-z-]*$/;
const HTMX = ["get", "post", "put", "patch", "delete", "boost"]
  .map((verb) => `[data-hx-${verb}]`)
  .join(",");
const started = new WeakMap();
const starting = [];
let htmx = null;

async function begin(element, name) {
  try {
    const behaviour = await import(`./behaviours/${name}.js`);
    await behaviour.start(element);
  } catch (error) {
    // One broken behaviour must not stop the others: the page works without it.
    console.error(`behaviour ${name}`, error);
  }
}

function startOn(element) {
  const names = started.get(element) ?? new Set();
  started.set(element, names);
  for (const name of element.dataset.behaviour.split(/\s+/)) {
    if (!NAME.test(name) || names.has(name)) continue;
    names.add(name);
    starting.push(begin(element, name));
  }
}

function all(root, selector) {
  const inside = [...root.querySelectorAll(selector)];
  return root.matches?.(selector) ? [root, ...inside] : inside;
}

function refuse() {
  throw new Error("Code in attributes is switched off.");
}

async function loadHtmx() {
  const module = await import("../vendor/htmx/htmx.esm.min.js");
  // Our content policy forbids eval; htmx is told so too, so that a stray hx-on or
  // js: value fails at once and everywhere, also where the policy is not sent.
  module.default.registerExtension("no-eval", {
    init: (api) => api.initSecurity(null, refuse, refuse),
  });
  document.addEventListener("htmx:config:request", (event) => {
    event.detail.ctx.request.headers["X-CSRFToken"] = csrfToken();
  });
  return module.default;
}

function scan(root) {
  all(root, "[data-behaviour]").forEach(startOn);
  if (all(root, "relative-time").length) {
    import("../vendor/relative-time-element/bundle.js");
  }
  if (all(root, HTMX).length) {
    htmx ??= loadHtmx();
    // The first load processes the whole page by itself; later fragments are handed over.
    if (root !== document) htmx.then((loaded) => loaded.process(root));
  }
}

scan(document);
// Tells styles and journeys that the page does all it can.
Promise.all(starting.splice(0)).then(() => {
  document.documentElement.dataset.ready = "";
});
new MutationObserver((changes) => {
  for (const change of changes) {
    for (const node of change.addedNodes) {
      if (node instanceof HTMLElement && node.isConnected) scan(node);
    }
  }
  starting.length = 0;
}).observe(document.documentElement, { childList: true, subtree: true });
