// Pick, drag or paste a file: it is sent at once, a placeholder marks its place meanwhile.
import "../../vendor/file-attachment-element/index.js";
import { insertAtCaret, replaceRange } from "../lib/insert.js";
import { csrfToken } from "../lib/http.js";
import { words } from "../lib/words.js";

function send(zone, file, key, progress) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest(); // fetch tells nothing about the way up
    const body = new FormData();
    body.append("file", file, file.name);
    body.append("key", key);
    request.open("POST", zone.dataset.uploadUrl);
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-CSRFToken", csrfToken());
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) progress(Math.round((100 * event.loaded) / event.total));
    });
    request.addEventListener("loadend", () => {
      resolve({ status: request.status, news: request.response ?? {} });
    });
    request.send(body);
  });
}

export function start(zone) {
  const area = zone.querySelector("[data-main-text]") ?? zone.querySelector("textarea");
  const form = area.form;
  const status =
    form.querySelector("[data-upload-status]") ?? document.querySelector("[data-upload-status]");
  let waiting = 0;
  const say = (text) => {
    if (status) status.textContent = text;
  };

  function placeholder(file) {
    const name = file.name.replace(/[[\]()\\]/g, "");
    const mark = file.type.startsWith("image/") ? "!" : "";
    const make = (extra) => `${mark}[${words(zone, "placeholder", { name: name + extra })}]()`;
    let number = 1;
    while (area.value.includes(make(number > 1 ? ` ${number}` : ""))) number += 1;
    return make(number > 1 ? ` ${number}` : "");
  }

  async function upload(file) {
    const { name } = file;
    const mark = placeholder(file);
    const alone = area.selectionStart === 0 || area.value[area.selectionStart - 1] === "\n";
    insertAtCaret(area, (alone ? "" : "\n") + mark + "\n");
    waiting += 1;
    say(words(zone, "uploading", { name, percent: 0 }));
    const key = form.querySelector('input[name="draft_key"]')?.value ?? form.dataset.key ?? "";
    const { status: code, news } = await send(zone, file, key, (percent) => {
      say(words(zone, "uploading", { name, percent }));
    });
    waiting -= 1;
    const good = code === 201 && news.markdown;
    const at = area.value.indexOf(mark);
    // A person may have deleted the mark while it was on its way: then nothing is put in.
    if (at >= 0) {
      const lineEnd = !good && area.value[at + mark.length] === "\n" ? 1 : 0;
      replaceRange(area, at, at + mark.length + lineEnd, good ? news.markdown : "");
    }
    say(good ? words(zone, "uploaded", { name: news.name ?? name })
      : news.message || words(zone, "failed", { name }));
  }

  zone.addEventListener("file-attachment-accepted", async (event) => {
    area.focus();
    for (const { file } of event.detail.attachments) await upload(file);
  });

  // Word and Excel put a picture of the text beside the text: then the text is meant.
  area.addEventListener("paste", (event) => {
    if (event.clipboardData?.getData("text/plain").trim()) event.stopPropagation();
  });

  // Publishing now would publish the placeholder.
  form.addEventListener("submit", (event) => {
    if (!waiting) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    say(words(zone, "wait"));
  }, { capture: true });
}
