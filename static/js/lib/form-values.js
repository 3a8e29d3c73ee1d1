// What a person has typed into a form, apart from tokens, keys and files.

function typed(form) {
  return [...form.elements].filter(
    (field) =>
      field.name &&
      !["hidden", "file", "submit", "button", "password"].includes(field.type) &&
      field.tagName !== "FIELDSET" &&
      field.tagName !== "OUTPUT" &&
      !field.closest("[data-no-draft]"),
  );
}

function isChoice(field) {
  return field.type === "checkbox" || field.type === "radio";
}

/** [name, value] pairs in the order of the form. */
export function read(form) {
  const pairs = [];
  for (const field of typed(form)) {
    if (isChoice(field)) {
      if (field.checked) pairs.push([field.name, field.value]);
    } else if (field.tagName === "SELECT") {
      for (const option of field.selectedOptions) pairs.push([field.name, option.value]);
    } else {
      pairs.push([field.name, field.value]);
    }
  }
  return pairs;
}

/** Fill the form from pairs. Text without a field goes to the end of the main text. */
export function fill(form, pairs) {
  const left = new Map();
  for (const [name, value] of pairs) left.set(name, [...(left.get(name) ?? []), value]);
  for (const field of typed(form)) {
    const values = left.get(field.name);
    if (isChoice(field)) field.checked = Boolean(values?.includes(field.value));
    else if (values === undefined) continue;
    else if (field.tagName === "SELECT") {
      for (const option of field.options) option.selected = values.includes(option.value);
    } else field.value = values.shift() ?? "";
  }
  const names = new Set(typed(form).map((field) => field.name));
  const homeless = pairs.filter(([name, value]) => !names.has(name) && /\s/.test(value));
  const main = form.querySelector("[data-main-text], textarea");
  if (main && homeless.length) {
    main.value = [main.value, ...homeless.map(([, value]) => value)].join("\n\n");
  }
  for (const field of typed(form)) {
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

/** The whole form as the server reads it, without files (they travel by themselves). */
export function payload(form) {
  const data = new FormData(form);
  for (const [name, value] of [...data]) {
    if (value instanceof File) data.delete(name);
  }
  return data;
}
