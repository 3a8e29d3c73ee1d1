// Honest autosave: the page says "Saved" only after the server said so. Until then the
// text is kept on this device.
import * as copies from "./local-copies.js";
import { payload, read } from "./form-values.js";
import { json, post, renewToken } from "./http.js";
import { words } from "./words.js";
import { conflictNotice } from "./draft-notice.js";

const TYPING_STOPS = 1500;
const KEEP_LOCAL = 300;
const SAY_UNSAVED = 6000;
const PATIENCE = 15000;
const KEEPALIVE_LIMIT = 30000; // browsers refuse larger bodies that outlive a page

export class Draft {
  constructor(form) {
    this.form = form;
    this.owner = form.dataset.owner;
    this.copyId = this.key;
    this.time = form.dataset.savedLabel;
    this.confirmed = "unsaved" in form.dataset ? null : this.serial;
    this.attempts = 0;
    this.timers = {};
  }

  get key() { return this.field("draft_key")?.value || this.form.dataset.key; }
  set key(key) {
    this.form.dataset.key = key;
    if (this.field("draft_key")) this.field("draft_key").value = key;
  }
  get version() { return this.field("draft_version")?.value || this.form.dataset.savedVersion; }
  set version(version) {
    this.form.dataset.savedVersion = version;
    if (this.field("draft_version")) this.field("draft_version").value = version;
  }
  get serial() { return JSON.stringify(read(this.form)); }
  get dirty() { return this.serial !== this.confirmed; }
  field(name) { return this.form.querySelector(`input[name="${name}"]`); }

  later(name, wait, action) {
    clearTimeout(this.timers[name]);
    this.timers[name] = setTimeout(action, wait);
  }

  typed() {
    this.later("local", KEEP_LOCAL, () => this.keepLocal());
    if (this.stopped) return;
    this.attempts = 0;
    this.later("save", TYPING_STOPS, () => this.save());
    this.timers.unsaved ??= setTimeout(() => this.sayUnsaved(), SAY_UNSAVED);
  }

  keepLocal() {
    clearTimeout(this.timers.local);
    const { form, key, version } = this;
    if (!this.dirty) copies.removeIfSame(this.owner, this.copyId, this.confirmed);
    const kept = !this.dirty || copies.write(this.owner, this.copyId, {
      key, version, at: Date.now(), scope: form.dataset.scope ?? "",
      url: location.pathname + location.search, values: read(form),
    });
    form.toggleAttribute("data-text-at-risk", !kept);
  }

  save() {
    clearTimeout(this.timers.save);
    if (this.stopped || this.leaving || !this.dirty) return;
    this.keepLocal();
    if (this.request) this.again = true;
    else this.settled = this.send();
  }

  async send({ renewed = false } = {}) {
    const sent = this.serial;
    const body = payload(this.form);
    const fields = { draft_key: this.key, draft_version: this.version, draft_owner: this.owner };
    for (const [name, value] of Object.entries(fields)) body.set(name, value ?? "");
    this.request = new AbortController();
    const late = setTimeout(() => this.request?.abort(), PATIENCE);
    const { signal } = this.request;
    const keepalive = new Blob([sent]).size < KEEPALIVE_LIMIT;
    const answer = await post(this.form.dataset.saveUrl, body, { signal, keepalive }).catch(() => null);
    const news = answer && (await json(answer));
    clearTimeout(late);
    this.request = null;
    if (this.leaving) return;
    if (answer?.ok && news?.version !== undefined) this.saved(sent, news);
    else if (answer?.status === 409) this.conflict(news ?? {});
    else if (answer && ([400, 401, 403].includes(answer.status) || answer.redirected)) {
      if (!renewed && (await renewToken())) return this.send({ renewed: true });
      this.failed(words(this.form, "signed-out"));
    } else if (answer && answer.status < 500) {
      this.say(`${news?.message ?? ""} ${this.unsavedWords()}`.trim());
    } else this.failed();
    if (this.again) this.later("save", this.attempts ? TYPING_STOPS : 0, () => this.save());
    this.again = false;
  }

  saved(sent, news) {
    this.confirmed = sent;
    this.version = news.version;
    this.time = news.saved_label;
    this.attempts = 0;
    clearTimeout(this.timers.unsaved);
    delete this.timers.unsaved;
    copies.removeIfSame(this.owner, this.copyId, sent);
    if (this.restoredId) copies.removeIfSame(this.owner, this.restoredId, sent);
    this.form.toggleAttribute("data-text-at-risk", false);
    this.say(words(this.form, "saved", { time: this.time }));
    if (this.dirty) this.typed();
  }

  failed(message = this.unsavedWords()) {
    this.say(message);
    this.attempts += 1;
    this.later("save", Math.min(60000, 1000 * 2 ** this.attempts), () => this.save());
  }

  unsavedWords() {
    if (this.form.hasAttribute("data-text-at-risk")) return words(this.form, "at-risk");
    return words(this.form, this.time ? "unsaved" : "unsaved-new", { time: this.time });
  }
  sayUnsaved() {
    delete this.timers.unsaved;
    if (this.dirty && !this.stopped) this.say(this.unsavedWords());
  }

  conflict(news) {
    this.stopped = true;
    copies.removeIfSame(this.owner, this.copyId, this.serial);
    this.copyId = `${this.key}~${Date.now().toString(36)}`; // the other tab's copy has its own place
    this.keepLocal();
    this.say(...conflictNotice(this.form, news, () => {
      this.restoredId = this.copyId;
      Object.assign(this, { stopped: false, confirmed: null, copyId: this.key });
      this.version = news.version;
      this.save();
    }));
  }

  say(...parts) {
    const status = this.form.querySelector("[data-draft-status]") ?? document.querySelector("[data-draft-status]");
    if (!status || (parts.length === 1 && status.textContent === parts[0])) return;
    status.replaceChildren(...parts);
  }
}
