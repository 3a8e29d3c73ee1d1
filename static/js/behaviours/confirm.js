// Destructive forms ask once, in a native dialog. Without script the server's page asks.

export function start(form) {
  let agreed = false;
  form.addEventListener("submit", (event) => {
    const template = document.getElementById("confirm-dialog");
    if (agreed || !template) {
      agreed = false;
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    const { submitter } = event;
    const dialog = template.content.querySelector("dialog").cloneNode(true);
    dialog.querySelector("[data-confirm-text]").textContent = form.dataset.confirm;
    const yes = dialog.querySelector('[value="ok"]');
    yes.textContent = form.dataset.confirmOk || submitter?.textContent.trim() || yes.textContent;
    dialog.addEventListener("close", () => {
      dialog.remove();
      if (dialog.returnValue !== "ok") return void submitter?.focus();
      agreed = true;
      form.requestSubmit(submitter ?? undefined);
    });
    document.body.append(dialog);
    dialog.showModal();
  }, { capture: true });
}
