// A second click sends nothing twice. Buttons stay enabled, also after Back.

const FORGET = 10000; // a stopped or failed sending may be tried again

export function start(form) {
  let sent = false;
  const free = () => {
    sent = false;
    form.removeAttribute("aria-busy");
  };
  form.addEventListener("submit", (event) => {
    if (!sent) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }, { capture: true });
  window.addEventListener("submit", (event) => {
    if (event.target !== form || event.defaultPrevented) return;
    sent = true;
    form.setAttribute("aria-busy", "true");
    setTimeout(free, FORGET);
  });
  window.addEventListener("pageshow", free);
}
