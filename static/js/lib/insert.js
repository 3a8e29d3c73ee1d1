/**
 * Replace a range of a textarea so that Undo takes it back, keep the caret where the
 * person has it, and tell everybody who listens to `input`.
 */
export function replaceRange(area, start, end, text) {
  const before = area.value;
  if (document.activeElement === area) {
    const caret = [area.selectionStart, area.selectionEnd];
    const shift = text.length - (end - start);
    area.setSelectionRange(start, end);
    const done = text
      ? document.execCommand("insertText", false, text)
      : start === end || document.execCommand("delete");
    if (done) {
      const move = (at) => (at >= end ? at + shift : Math.min(at, start));
      area.setSelectionRange(move(caret[0]), move(caret[1]));
    }
  }
  if (area.value === before && before.slice(start, end) !== text) {
    area.setRangeText(text, start, end, "preserve");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

/** Put a text in place of the selection; the caret comes to stand behind it. */
export function insertAtCaret(area, text) {
  const start = area.selectionStart;
  replaceRange(area, start, area.selectionEnd, text);
  area.setSelectionRange(start + text.length, start + text.length);
}
