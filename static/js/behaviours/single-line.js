// A title may wrap on a narrow screen but has no line breaks; Enter goes on to the text.

export function start(area) {
  area.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    area.form?.querySelector("[data-main-text]")?.focus();
  });
  area.addEventListener("input", () => {
    if (/[\r\n]/.test(area.value)) area.value = area.value.replace(/\s*[\r\n]+\s*/g, " ");
  });
}
