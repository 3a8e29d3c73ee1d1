import { words } from "./words.js";

/** "This draft was changed elsewhere. See the other version · Keep mine". */
export function conflictNotice(form, news, keepMine) {
  const parts = [news.message || words(form, "conflict")];
  if (news.theirs_url) {
    const link = document.createElement("a");
    link.href = news.theirs_url;
    link.textContent = words(form, "theirs");
    parts.push(" ", link);
  }
  if (news.version !== undefined) {
    const mine = document.createElement("button");
    mine.type = "button";
    mine.className = "button button-quiet";
    mine.textContent = words(form, "keep-mine");
    mine.addEventListener("click", keepMine);
    parts.push(" ", mine);
  }
  return parts;
}
