// One report, opened in an officer's browser, shown so that nothing in it can act, answered under seal. Each opening has its own
// keys and its own part of the page, and looks for nothing outside of it: two that are open at once never mix.
import { ask, post, tellSignedOut } from "./asking.js";
import { digest, isRecipient, padded, recipientOf, seal, secretOf, text, unpadded, unseal } from "./core.js";
import { base64Of, bytesOf } from "./opening.js";
import { language } from "./page.js";
import { element, saver, view } from "./viewing.js";

// Other scripts may offer more for a file that was opened (a working copy): they listen for this event.
const offer = (detail) => document.dispatchEvent(new CustomEvent("ikrar:file-opened", { detail }));
const joined = (record) => Object.values(record).filter((each) => typeof each === "string" && each).join(", ");
const parsed = (page) => new DOMParser().parseFromString(page, "text/html");

/** A day in words; what is none (a reporter's browser may have written anything) as it stands. */
export const dayOf = (iso) => {
  const day = new Date(`${iso}T00:00:00Z`);
  return Number.isNaN(day.getTime()) ? String(iso) : new Intl.DateTimeFormat(language, { dateStyle: "long", timeZone: "UTC" }).format(day);
};

/** Words sealed to the dialogue of a report, as forms carry them. */
export const sealedWords = async (words, to, asks = []) => {
  if (!isRecipient(to)) throw new Error("no dialogue");
  return base64Of(await seal(padded({ v: 1, text: words, asks, files: [] }), [to]));
};

export const isChanged = (part) =>
  Array.from(part.querySelectorAll("textarea, select, input[type=checkbox]")).some((each) =>
    each.type === "checkbox" ? each.checked !== each.defaultChecked : each.value !== (each.defaultValue ?? ""),
  );

export class OpenedReport {
  /** `root` holds the parts of the page of this report; `token` is that of its forms; `signal` stops what is under way; `forms`: those
      that show once it is open; `told` hears what an act came to, no words where nobody is signed in any more. */
  constructor(root, { token, signal = null, renewed = () => {}, told = () => {}, forms = ["reply", "state"] }) {
    Object.assign(this, { root, token, signal, renewed, told, forms, keys: null, content: null, addresses: [], asked: 0, seen: 0 });
    this.shown = JSON.parse(this.at("sealed-report").textContent);
    this.place = this.at("opened");
    this.words = this.place.dataset;
    root.addEventListener("submit", (event) => this.submitted(event));
  }

  at(id) {
    return this.root.querySelector(`#${id}`);
  }

  /** The state that the officer sees. */
  get state() {
    return this.at("facts").dataset.state;
  }

  get isWritten() {
    return this.live().some(isChanged);
  }

  // --- opening ---------------------------------------------------------------------------------------------------

  /** Open it with the officer's own key, and show what is inside. That he does is kept by the server. */
  async open(own) {
    const answer = await post(`${this.words.base}buka/`, this.form(), { signal: this.signal });
    const given = await answer.json();
    if (!answer.ok) throw Object.assign(new Error("refused"), { says: given.says });
    this.keys = await this.keysOf(given.envelopes, own);
    await this.showAll(given.parts);
    this.place.hidden = false;
  }

  /** The keys in the envelopes. Whoever made these may have put anything into them: junk beside a good one hinders nothing. */
  async keysOf(envelopes, own) {
    const found = {};
    for (const each of envelopes) {
      try {
        const keys = JSON.parse(text(await unseal(bytesOf(each), own.identity)));
        if ((await recipientOf(secretOf(keys.content))) !== this.shown.content_to) continue;
        // Answers are sealed to the reporter's own key of the dialogue, not to one that somebody wrote into the page.
        if (keys.dialogue && (await recipientOf(secretOf(keys.dialogue))) !== this.shown.dialogue_to) continue;
        Object.assign(found, keys);
      } catch {
        // No envelope of ours, or sealed to another key.
      }
    }
    if (found.content) return found;
    // Colleagues read it at the report, once; it is asked for no more.
    await post(`${this.words.base}tak-terbuka/`, this.form()).catch(() => null);
    throw Object.assign(new Error("another report"), { code: "unopenable", says: this.words.unopenable });
  }

  /** Let go of all that was opened. */
  forget() {
    this.keys = null;
    this.content = null;
    this.addresses.forEach((each) => URL.revokeObjectURL(each));
    this.addresses = [];
  }

  form() {
    const form = new FormData();
    form.append("csrfmiddlewaretoken", this.token);
    return form;
  }

  /** The sealed bytes of a part. Evidence is asked for by POST: the server keeps who opened it. */
  async partBytes(part) {
    const [address, options] = [`${this.words.base}bagian/${part.part}/`, { signal: this.signal }];
    const answer = part.kind === "file" ? await post(address, this.form(), options) : await ask(address, options);
    if (!answer.ok) throw new Error(`part: ${answer.status}`);
    return new Uint8Array(await answer.arrayBuffer());
  }

  async showAll(parts) {
    for (const part of parts) {
      const key = { content: this.keys?.content, identity: this.keys?.identity, message: this.keys?.dialogue }[part.kind];
      if (!key) continue;
      let document;
      try {
        document = unpadded(await unseal(await this.partBytes(part), key));
      } catch (error) {
        if (error.name === "AbortError" || error.code === "signed_out") throw error;
        this.at("told").append(element("dd", this.words.changed, { className: "message error" }));
        continue;
      }
      if (part.kind === "content") this.showContent(document, parts);
      if (part.kind === "identity") this.showIdentity(document);
      if (part.kind === "message") this.showMessage(document, part, parts);
    }
  }

  // --- what is inside --------------------------------------------------------------------------------------------

  tell(label, words) {
    const written = (Array.isArray(words) ? words : [words]).filter(Boolean);
    if (!written.length) return;
    this.at("told").append(element("dt", label), ...written.map((each) => element("dd", each)));
  }

  showIdentity(identity) {
    this.tell(this.words.identity, joined(identity));
  }

  showContent(content, parts) {
    const { words, shown } = this;
    this.content = content;
    for (const field of ["what", "when", "where", "known_on"]) this.tell(words[field], field === "known_on" && content[field] ? dayOf(content[field]) : content[field]);
    if (content.source) this.tell(words.source, joined({ ...content.source, kind: shown.sources?.[content.source.kind] || content.source.kind }));
    for (const field of ["who", "witnesses", "links"]) this.tell(words[field], (content[field] || []).map(joined));
    // A tick names a key, and by it the person who has it; whom this page does not know it shows as a number.
    const ticked = (content.exclude?.keys || []).map((key) => shown.owners[key] || `#${key}`);
    this.tell(words.exclude, [...new Set([...ticked, ...(content.exclude?.names || [])])]);
    this.listFiles(content.files, parts);
  }

  showMessage(message, part, parts) {
    const { words, shown } = this;
    const line = element("li");
    line.append(element("strong", part.from_reporter ? words.reporter : words.officer), ` · ${dayOf(part.on)}`);
    line.append(element("p", String(message.text ?? ""), { className: "words-said" }));
    const asks = (message.asks || []).map((each) => shown.labels[each] || each);
    if (asks.length) line.append(element("p", `${part.from_reporter ? words.answers : words.asks}: ${asks.join("; ")}`));
    this.at("dialogue").append(line);
    this.listFiles(message.files, parts);
  }

  revealed(each) {
    const [kind, ...value] = String(each).split(": ");
    return [this.shown.reveals[kind] || kind, ...value].join(": ");
  }

  listFiles(files, parts) {
    const { words } = this;
    for (const file of files || []) {
      const part = parts.find((each) => each.kind === "file" && each.place === file.part);
      const line = element("li", String(file.name));
      const of = files.find((each) => each.part === file.working_of);
      const about = [file.type, `${new Intl.NumberFormat(document.documentElement.lang).format(Math.ceil(file.size / 1000))} KB`];
      if (of) about.push(`${words.working}: ${of.name}`);
      line.append(element("br"), element("small", about.join(" · ")));
      for (const [says, each] of [[words.told, file.told], [words.left_out, file.left_out]])
        if (each?.length) line.append(element("br"), element("small", `${says}: ${each.map((one) => this.revealed(one)).join("; ")}`));
      this.at("files").append(line);
      if (!part) continue;
      const button = element("button", words.show, { type: "button", className: "secondary" });
      button.setAttribute("aria-label", `${words.show}: ${file.name}`);
      button.addEventListener("click", () => this.showFile(file, part, line, button));
      line.append(element("br"), button);
    }
  }

  async showFile(file, part, line, button) {
    const { words } = this;
    const says = (said, isError) => {
      const told = element("p", said, { className: isError ? "message error" : "quiet" });
      if (isError) told.setAttribute("role", "alert");
      line.append(told);
    };
    const address = (bytes, type) => {
      const made = URL.createObjectURL(new Blob([bytes], { type }));
      this.addresses.push(made);
      return made;
    };
    button.setAttribute("aria-busy", "true");
    try {
      let sealed;
      try {
        sealed = await this.partBytes(part);
      } catch (error) {
        return error.code === "signed_out" ? this.saysSignedOut() : says(words.unsent, true);
      }
      let bytes;
      try {
        const padding = await unseal(sealed, this.keys.content);
        bytes = padding.subarray(0, file.size);
        if (bytes.length !== file.size || digest(bytes) !== file.sha256) throw new Error("changed");
      } catch {
        return says(words.changed, true);
      }
      says(words.whole);
      const shownAs = await view(bytes, String(file.type), address).catch(() => null);
      if (shownAs) {
        shownAs.setAttribute("aria-label", file.name);
        line.append(shownAs);
      } else {
        // What the browser cannot draw is offered for saving alone.
        line.append(element("p", words.careful, { className: "message warning" }));
      }
      line.append(element("p"));
      line.lastChild.append(saver(bytes, file.name, words.save, address));
      offer({ file, bytes, line });
      if (button === document.activeElement) line.querySelector("a, audio, video, pre").focus();
      button.remove();
      await this.renew();
    } finally {
      button.removeAttribute("aria-busy");
    }
  }

  // --- acts ------------------------------------------------------------------------------------------------------

  live() {
    return Array.from(this.root.querySelectorAll("[data-live]"));
  }

  reveal() {
    for (const id of this.forms) if (this.at(id)) this.at(id).hidden = !this.keys?.dialogue;
  }

  /** Put the parts in anew that the server knows better by now; what he is writing elsewhere on the page stays. */
  renewFrom(page, done = null) {
    for (const old of this.live()) {
      const fresh = page.getElementById(old.id);
      if (!fresh || (old !== done && isChanged(old))) continue;
      const held = old.contains(document.activeElement) ? document.activeElement : null;
      old.replaceWith(document.adoptNode(fresh));
      if (!held) continue;
      // Where the focus stood there is something else now: the same field of it, or the report.
      const same = held.id ? fresh.querySelector(`#${held.id}`) : Array.from(fresh.querySelectorAll("input, button")).find((each) => each.name && each.name === held.name && each.value === held.value);
      this.reveal();
      (same && same.getClientRects().length ? same : this.place).focus({ preventScroll: true });
    }
    this.reveal();
    this.renewed(this);
  }

  /** Ask for the page again. An answer that was asked for before the one that is shown is older than that: it is let go, however late
      it comes. */
  async renew() {
    const asked = (this.asked += 1);
    const answer = await fetch(this.words.base, { cache: "no-store", signal: this.signal }).catch(() => null);
    const page = answer?.ok && !answer.redirected ? parsed(await answer.text().catch(() => "")) : null;
    if (!page?.getElementById("facts") || asked <= this.seen) return;
    this.seen = asked;
    this.renewFrom(page);
  }

  actSays(words, isError) {
    const says = this.at("act-says");
    says.textContent = words;
    says.className = `message ${isError ? "error" : "success"}`;
    says.hidden = false;
    says.scrollIntoView({ block: "nearest" });
    this.told(words);
  }

  saysSignedOut() {
    this.actSays("", true);
    tellSignedOut(this.at("act-says"));
  }

  /** Seal what was written to the dialogue into the form's hidden field; nothing else of it is sent. */
  async sealInto(form, area, asks) {
    const words = area.value.trim();
    if (!words) return null;
    form.elements.sealed.value = await sealedWords(words, this.shown.dialogue_to, asks);
    return { text: words, asks, files: [] };
  }

  async act(form) {
    const says = this.at("act-says").dataset;
    let message = null;
    // A request that names nothing would start a term for nobody knows what.
    if (form.id === "reply" && form.elements.asks?.checked && !form.querySelector("[data-ask]:checked")) return this.actSays(says.unasked, true);
    if (form.id === "reply")
      message = await this.sealInto(form, this.at("reply-text"), Array.from(form.querySelectorAll("[data-ask]:checked"), (one) => one.dataset.ask));
    if (form.id === "state") message = await this.sealInto(form, this.at("state-text"), []);
    const asked = (this.asked += 1);
    const answer = await post(form.action, new FormData(form));
    if (!answer.ok && answer.status !== 422) throw new Error(`${answer.status}`);
    const page = parsed(await answer.text());
    if (!page.getElementById("facts")) throw new Error("another page");
    this.seen = this.asked;
    const said = page.querySelector(answer.ok ? "main > .message[role=status]" : "main > .message.error");
    this.actSays(said ? said.textContent.trim() : "", !answer.ok);
    if (answer.ok && message) this.showMessage(message, { from_reporter: false, on: this.words.today }, []);
    this.renewFrom(page, answer.ok ? form.closest("[data-live]") : null);
    // Whatever was asked for in the meantime was let go or may be newer than what an act shows.
    if (asked < this.asked) await this.renew();
  }

  async submitted(event) {
    const form = event.target;
    if (!this.keys || !form.closest("[data-live]")) return;
    event.preventDefault();
    const button = form.querySelector("button[type=submit]");
    if (button.getAttribute("aria-busy") === "true") return;
    button.setAttribute("aria-busy", "true");
    try {
      await this.act(form);
    } catch (error) {
      if (error.code === "signed_out") this.saysSignedOut();
      else this.actSays(this.at("act-says").dataset.failed, true);
    } finally {
      button.removeAttribute("aria-busy");
    }
  }
}
