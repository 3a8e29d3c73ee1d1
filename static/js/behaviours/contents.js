// Marks in the contents where the reader is.

export function start(element) {
  const links = new Map();
  for (const link of element.querySelectorAll('a[href^="#"]')) {
    const target = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (target) links.set(target, link);
  }
  const visible = new Set();
  const mark = () => {
    const current = [...links.keys()].find((target) => visible.has(target));
    if (!current) return; // between two headings the last one stays marked
    for (const [target, link] of links) {
      if (target === current) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  };
  const watcher = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting) visible.add(target);
      else visible.delete(target);
    }
    mark();
  }, { rootMargin: "-10% 0px -60% 0px" });
  for (const target of links.keys()) watcher.observe(target);
}
