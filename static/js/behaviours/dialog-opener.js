// A link to a page that asks opens the dialog that asks the same.

export function start(link) {
  const dialog = document.getElementById(link.dataset.dialog);
  if (!dialog?.showModal) return; // an old browser follows the link
  link.setAttribute("aria-haspopup", "dialog");
  link.addEventListener("click", (event) => {
    event.preventDefault();
    dialog.showModal();
  });
}
