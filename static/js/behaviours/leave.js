// Warns before leaving only when text is neither on the server nor on this device.

export function start(form) {
  let touched = false;
  let sending = false;
  const saved = form.matches('[data-behaviour~="draft"]');
  form.addEventListener("input", () => {
    touched = true;
  });
  window.addEventListener("submit", (event) => {
    if (event.target === form && !event.defaultPrevented) sending = true;
  });
  window.addEventListener("pageshow", () => {
    sending = false;
  });
  window.addEventListener("beforeunload", (event) => {
    const risk = saved ? form.hasAttribute("data-text-at-risk") : touched;
    if (risk && !sending) event.preventDefault();
  });
}
