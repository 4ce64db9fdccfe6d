// Who and what is meant: words that the officer typed or marked in an opened report go to two addresses by POST and are kept nowhere.
// What he chooses stands in a note of this page's memory, by report, and goes when the page does.
import { codeOf, post } from "./asking.js";
import { byId } from "./page.js";
import { element } from "./viewing.js";

const place = byId("bench-find");
const noted = byId("bench-note");
const words = place.dataset;
const MOST_NOTES = 10; // respondents in one form
const KINDS = {
  person: { address: words.people, field: "q", list: "people", label: (each) => each.name, about: (each) => [each.post, each.unit, each.agency, each.nip, ...(each.notes || [])] },
  act: { address: words.acts, field: "text", list: "acts", label: (each) => each.label, about: () => [] },
};

export class Finding {
  /** `says(code, values)` announces; `chosen(number, note)` is told of a note that changed. */
  constructor({ token, says, chosen }) {
    Object.assign(this, { token, says, chosen, notes: new Map(), number: "", region: "", kind: "", turn: null });
    place.addEventListener("submit", (event) => {
      event.preventDefault();
      this.search();
    });
    byId("bench-day").addEventListener("change", () => this.keep({ day: byId("bench-day").value }));
    place.querySelector("[data-close]").addEventListener("click", () => this.close());
  }

  get note() {
    return this.notes.get(this.number) || {};
  }

  /** What is noted of these reports, the same thing once. */
  notesOf(numbers) {
    const notes = numbers.map((number) => this.notes.get(number)).filter((each) => each && (each.person || each.act || each.day));
    const told = ({ person, act, day }) => [person?.key, act?.key, day].join(" ");
    return notes.filter((each, at) => notes.findIndex((other) => told(other) === told(each)) === at).slice(0, MOST_NOTES);
  }

  /** Another report is shown: its own note, and nothing left of what was looked for in the one before. */
  about(number, region) {
    Object.assign(this, { number, region });
    this.close();
    this.show();
  }

  get isOpen() {
    return !place.hidden;
  }

  close() {
    this.turn?.abort();
    place.hidden = true;
    byId("bench-find-words").value = "";
    byId("bench-found").replaceChildren();
    byId("bench-find-further").textContent = "";
  }

  /** Look for a person or an act: at once where words are marked in the report, else when they are typed. */
  ask(kind) {
    const marked = String(getSelection()).trim();
    const isInside = getSelection().rangeCount && byId("bench-shown").contains(getSelection().getRangeAt(0).commonAncestorContainer);
    this.kind = kind;
    place.hidden = false;
    byId("bench-find-title").textContent = kind === "person" ? words.person : words.act;
    byId("bench-find-label").textContent = kind === "person" ? words.personWords : words.actWords;
    byId("bench-found").replaceChildren();
    byId("bench-find-words").value = isInside ? marked.slice(0, 5000) : "";
    byId("bench-find-words").focus();
    if (byId("bench-find-words").value) this.search();
  }

  async search() {
    const typed = byId("bench-find-words").value.trim();
    if (!typed) return;
    this.turn?.abort();
    const turn = (this.turn = new AbortController());
    byId("bench-found").replaceChildren();
    byId("bench-find-further").textContent = "";
    const { kind, number } = this;
    const { address, field, list } = KINDS[kind];
    const form = new FormData();
    form.append("csrfmiddlewaretoken", this.token);
    form.append(field, typed);
    form.append("region", this.region);
    if (this.note.day) form.append("on", this.note.day);
    let answer = null;
    let told = {};
    try {
      answer = await post(address, form, { signal: turn.signal });
      told = await answer.json();
    } catch (error) {
      if (error.name !== "AbortError") this.says(codeOf(error));
      return;
    }
    // What comes back late is for nobody: another report may be shown by now.
    if (turn !== this.turn || number !== this.number) return;
    const found = told[list] || [];
    byId("bench-found").replaceChildren(...found.map((each) => this.line(kind, each)));
    const nobody = answer.ok && !found.length ? words.nobody : "";
    const further = [told.says, nobody, told.more ? words.more.replace("{n}", told.more) : "", told.ask].filter(Boolean).join(" ");
    byId("bench-find-further").textContent = further;
    if (found.length) {
      this.says("found", { n: found.length });
      byId("bench-found").querySelector("button").focus();
    } else this.says("");
  }

  line(kind, each) {
    const button = element("button", "", { type: "button", className: "secondary outline" });
    button.append(element("strong", KINDS[kind].label(each)));
    for (const one of [KINDS[kind].about(each).filter(Boolean).join(" · "), (each.because || []).join(" ")])
      if (one) button.append(element("br"), element("small", one));
    button.addEventListener("click", () => {
      this.keep({ [kind]: kind === "person" ? { key: String(each.key ?? each.nip), label: each.name } : { key: each.id, label: each.label } });
      this.close();
      byId("bench-report-title").focus({ preventScroll: true });
    });
    const line = element("li");
    line.append(button);
    return line;
  }

  /** Arrows move among what was found. */
  move(by) {
    const buttons = Array.from(byId("bench-found").querySelectorAll("button"));
    const at = buttons.indexOf(document.activeElement);
    if (at < 0) return false;
    buttons[Math.max(0, Math.min(buttons.length - 1, at + by))].focus();
    return true;
  }

  keep(more) {
    const note = { ...this.note, ...more };
    this.notes.set(this.number, note);
    this.show();
    this.says("noted", { what: [note.person?.label, note.act?.label, note.day].filter(Boolean).join(" · ") || "–" });
    this.chosen(this.number, note);
  }

  show() {
    noted.hidden = !this.number;
    byId("bench-note-person").textContent = this.note.person?.label || "–";
    byId("bench-note-act").textContent = this.note.act?.label || "–";
    byId("bench-day").value = this.note.day || "";
  }

  forget() {
    this.notes.clear();
  }
}
