// A sealed report beside what is brought out of it: opened here with the officer's passphrase; his own words alone leave the page.
// The identity of the reporter is known to this page while it is open, so that it can refuse to send it.
import { heldOf } from "./identity.js";
import { watch } from "./idle.js";
import { OpenedReport } from "./opened-report.js";
import { ownKey } from "./opening.js";
import { byId, onSubmit, ready, tell, untell } from "./page.js";
import { element } from "./viewing.js";

const open = byId("open-report");
const out = byId("bring-out");
const says = byId("out-says");

class OfCase extends OpenedReport {
  parts = [];
  identity = null;

  async showAll(parts) {
    this.parts = parts;
    await super.showAll(parts);
  }

  showIdentity(identity) {
    this.identity = identity;
    super.showIdentity(identity);
  }

  tell(label, words) {
    const before = this.at("told").children.length;
    super.tell(label, words);
    const added = Array.from(this.at("told").children).slice(before);
    const isIdentity = label === this.words.identity;
    for (const each of added) each.dataset[isIdentity ? "identity" : "part"] = isIdentity ? "" : this.parts.find((part) => part.kind === "content")?.part || "";
  }

  showMessage(message, part, parts) {
    super.showMessage(message, part, parts);
    this.at("dialogue").lastElementChild.dataset.part = part.part;
  }

  async showFile(file, part, line, button) {
    line.dataset.part = part.part;
    await super.showFile(file, part, line, button);
  }

  /** The page has no parts of its own that the server knows better. */
  async renew() {}

  /** Whether the page knows whom it must not name: the report is open, and with it the identity, if there is one for this key. */
  get canCompare() {
    return Boolean(this.keys) && Boolean(this.identity || !this.keys.identity || !this.parts.some((part) => part.kind === "identity"));
  }

  /** What of the identity a text holds, in words of the page; empty: nothing. The values are never repeated. */
  named(text) {
    return heldOf(this.identity, text).map((field) => out.dataset[`of_${field}`]).join(", ");
  }
}

const saysWords = (words, isError = false) => {
  says.textContent = words;
  says.className = isError ? "message error" : "message success";
  says.hidden = false;
};

const saysNamed = (parts) => saysWords(out.dataset.named.replace("{parts}", parts), true);

if (open && out) {
  const report = new OfCase(byId("main"), { token: open.elements.csrfmiddlewaretoken.value, forms: [] });
  const lock = () => {
    report.forget();
    location.reload();
  };
  const stayAwake = watch({ says: byId("idle-says"), isOpen: () => report.keys, lock });
  window.addEventListener("pagehide", () => report.forget());

  onSubmit(open, async () => {
    untell(byId("open-says"));
    const typed = byId("passphrase");
    try {
      await report.open(await ownKey(report.shown, typed.value));
      typed.value = "";
      open.hidden = true;
      byId("take-marked").hidden = false;
      report.place.focus();
      stayAwake();
    } catch (error) {
      tell(byId("open-says"), error.code || "failed", { word: error.word });
    }
  });
  byId("lock").addEventListener("click", lock);

  byId("take-marked").addEventListener("click", () => {
    const marked = getSelection();
    const range = marked.rangeCount ? marked.getRangeAt(0) : null;
    const words = String(marked).trim();
    if (!words || !range || !report.place.contains(range.commonAncestorContainer)) return saysWords(out.dataset.nothing, true);
    const touches = Array.from(report.place.querySelectorAll("[data-identity]")).some((each) => range.intersectsNode(each));
    if (touches) return saysWords(out.dataset.identity, true);
    if (report.named(words)) return saysNamed(report.named(words));
    const within = range.startContainer.parentElement.closest("[data-part]");
    const field = out.elements.text;
    field.value = [field.value.trim(), words].filter(Boolean).join("\n");
    if (within?.dataset.part) out.elements.part.value = within.dataset.part;
    untell(says);
    (out.elements.label.value ? field : out.elements.label).focus();
    return undefined;
  });

  onSubmit(out, async () => {
    if (!report.canCompare) return saysWords(out.dataset.closed, true);
    const { label, text, file } = out.elements;
    const named = report.named([label.value, text.value, ...Array.from(file.files, (each) => each.name)].join("\n"));
    if (named) return saysNamed(named);
    try {
      const answer = await fetch(location.pathname, { method: "POST", body: new FormData(out), headers: { Accept: "application/json" }, cache: "no-store" });
      if (answer.redirected) throw new Error("signed out");
      const told = await answer.json();
      if (!answer.ok) return saysWords(told.says, true);
      const line = element("li", "");
      line.append(element("strong", out.elements.label.value), element("br"), out.elements.text.value);
      byId("brought").append(line);
      for (const name of ["label", "text", "file"]) out.elements[name].value = "";
      saysWords(told.says);
      stayAwake();
    } catch {
      saysWords(out.dataset.failed, true);
    }
    return undefined;
  });
  ready(open, out);
}
