// "This outgrows a tip": the notice shows itself, choosing another kind stays the writer's.

export function start(form) {
  const notice = form.querySelector("[data-outgrown]") ?? document.querySelector("[data-outgrown]");
  const limit = Number(form.dataset.softLimit);
  if (!notice || !limit) return;
  const check = () => {
    const kind = form.elements.namedItem("kind")?.value;
    const meant = !form.dataset.softKind || kind === undefined || kind === form.dataset.softKind;
    const length = [...form.querySelectorAll("textarea")].reduce(
      (sum, area) => sum + area.value.length,
      0,
    );
    notice.hidden = !(meant && length > limit);
  };
  form.addEventListener("input", check);
  form.addEventListener("change", check);
  check();
}
