// The writing field is as tall as its text: one scroll bar, the page's.

export function start(area) {
  if (CSS.supports("field-sizing", "content")) {
    area.style.setProperty("field-sizing", "content");
    return;
  }
  const fit = () => {
    const { scrollY } = window;
    area.style.height = "auto";
    area.style.height = `${area.scrollHeight + area.offsetHeight - area.clientHeight}px`;
    window.scrollTo(window.scrollX, scrollY);
  };
  area.addEventListener("input", fit);
  window.addEventListener("resize", fit);
  fit();
}
