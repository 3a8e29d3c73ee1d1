// All words come from the server, already translated, as data-label-… attributes.

/** `words(form, "saved", {time: "14:02"})` fills data-label-saved="Saved {time}". */
export function words(element, name, values = {}) {
  const template = element.getAttribute(`data-label-${name}`) ?? "";
  return template.replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
}

/** Say something to a screen reader without moving the focus. */
export function announce(text) {
  let region = document.querySelector("[data-announce]");
  if (!region) {
    region = document.createElement("p");
    region.className = "visually-hidden";
    region.setAttribute("role", "status");
    region.dataset.announce = "";
    document.body.append(region);
  }
  region.textContent = "";
  setTimeout(() => {
    region.textContent = text;
  }, 50);
}
