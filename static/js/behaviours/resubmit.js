// Another kind asks other questions: the draft is kept and the page comes back with them.

export function start(select) {
  select.addEventListener("change", () => {
    const button = document.createElement("button");
    button.hidden = true;
    button.type = "submit";
    button.formNoValidate = true;
    button.setAttribute("formaction", select.dataset.resubmit);
    select.form.append(button);
    select.form.requestSubmit(button);
    button.remove();
  });
}
