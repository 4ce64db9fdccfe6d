// Who and what is meant: words that the officer typed or marked in an opened report go to two addresses by POST and are kept nowhere.
// What he chooses stands in a note of this page's memory, by report, with the words and the day it was found by, and goes when the
// page does.
import { codeOf, post } from "./asking.js";
import { dayOf } from "./opened-report.js";
import { byId } from "./page.js";
import { element } from "./viewing.js";

const place = byId("bench-find");
const noted = byId("bench-note");
const words = place.dataset;
const dayField = byId("bench-day");
const PAUSE = 900; // milliseconds: whoever types a day stops that long when it is whole
const MOST_NOTES = 10; // respondents in one form
const KINDS = {
  person: { address: words.people, field: "q", list: "people", key: (each) => String(each.key ?? each.nip), label: (each) => each.name, about: (each) => [each.post, each.unit, each.agency, each.nip, ...(each.notes || [])] },
  act: { address: words.acts, field: "text", list: "acts", key: (each) => each.id, label: (each) => each.label, about: () => [] },
};
/** What was chosen for another day than the note's, or before it had one. */
const stale = (note) => (note.day ? Object.keys(KINDS).filter((kind) => note[kind] && note[kind].on !== note.day) : []);
/** Whether a note says who did what on which day: equal deeds give equal prints only where each was found for that day. */
export const isWhole = (note) => Boolean(note.person && note.act && note.day && !stale(note).length);

export class Finding {
  /** `says(code, values)` announces; `chosen(number, note)` is told of a note that changed. */
  constructor({ token, says, chosen }) {
    Object.assign(this, { token, says, chosen, notes: new Map(), number: "", region: "", kind: "", turn: null, pause: 0, checking: null, checks: new Map() });
    place.addEventListener("submit", (event) => {
      event.preventDefault();
      this.search();
    });
    // A date field takes each digit of the year for a day: what he types is taken when he stops, leaves it, or presses Enter.
    for (const each of ["input", "change"]) dayField.addEventListener(each, () => this.typing());
    dayField.addEventListener("blur", () => this.takeDay({ isDone: true }));
    dayField.addEventListener("keydown", (event) => this.dayKey(event));
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
    clearTimeout(this.pause);
    dayField.value = this.note.day || "";
    this.saysOfDay(true);
    this.close();
    this.show();
  }

  typing() {
    clearTimeout(this.pause);
    this.pause = setTimeout(() => this.takeDay(), PAUSE);
  }

  /** Take the day that stands in the field. What is no day that acts are judged of is told once he is done with it; it stays there. */
  takeDay({ isDone = false } = {}) {
    clearTimeout(this.pause);
    const { value, min, max, validity } = dayField;
    const isDay = value.length === min.length && value >= min && value <= max;
    if (!isDay && !isDone) return;
    this.saysOfDay(isDay || !(value || validity.badInput));
    const day = isDay ? value : "";
    if (day !== (this.note.day || "")) this.keep({ day });
  }

  /** Enter takes the day and goes back to the report, where the keys act again; with what is no day it stays here. The field takes
      no letters: a key of the workbench that is pressed in it is told to be none here. */
  dayKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "Enter") {
      this.takeDay({ isDone: true });
      if (byId("bench-day-says").hidden) this.leaveDay();
    } else if (/^[\p{L}?]$/u.test(event.key)) this.says("day_keys");
  }

  get isAtDay() {
    return document.activeElement === dayField;
  }

  leaveDay() {
    byId("bench-report-title").focus({ preventScroll: true });
  }

  saysOfDay(isRight) {
    byId("bench-day-says").hidden = isRight;
    if (isRight) dayField.removeAttribute("aria-invalid");
    else dayField.setAttribute("aria-invalid", "true");
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
    // What was chosen for another day is looked for again by the same words.
    const before = stale(this.note).includes(kind) ? this.note[kind].words : "";
    byId("bench-find-words").value = (isInside && marked.slice(0, 5000)) || before;
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
    const { kind, number, region } = this;
    const by = { words: typed, on: this.note.day || "" };
    let answer = null;
    let told = {};
    try {
      ({ answer, told } = await this.asked(kind, by, { region, signal: turn.signal }));
    } catch (error) {
      if (error.name !== "AbortError") this.says(codeOf(error));
      return;
    }
    // What comes back late is for nobody: another report may be shown by now.
    if (turn !== this.turn || number !== this.number) return;
    const found = told[KINDS[kind].list] || [];
    byId("bench-found").replaceChildren(...found.map((each, at) => this.line(kind, each, { ...by, at })));
    const nobody = answer.ok && !found.length ? words.nobody : "";
    const further = [told.says, nobody, told.more ? (told.more_is_least ? words.moreLeast : words.more).replace("{n}", told.more) : "", told.ask].filter(Boolean).join(" ");
    byId("bench-find-further").textContent = further;
    if (found.length) {
      this.says("found", { n: found.length });
      byId("bench-found").querySelector("button").focus();
    } else this.says("");
  }

  async asked(kind, { words: typed, on }, { region, signal }) {
    const { address, field } = KINDS[kind];
    const form = new FormData();
    form.append("csrfmiddlewaretoken", this.token);
    form.append(field, typed);
    form.append("region", region);
    if (on) form.append("on", on);
    const answer = await post(address, form, { signal });
    return { answer, told: await answer.json() };
  }

  line(kind, each, by) {
    const button = element("button", "", { type: "button", className: "secondary outline" });
    button.append(element("strong", KINDS[kind].label(each)));
    for (const one of [KINDS[kind].about(each).filter(Boolean).join(" · "), (each.because || []).join(" ")])
      if (one) button.append(element("br"), element("small", one));
    button.addEventListener("click", () => {
      this.keep({ [kind]: this.chosenAs(kind, each, by) });
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

  /** `at`: its place among what was found; the first is the likeliest. */
  chosenAs(kind, each, { words: typed, on, at }) {
    return { key: KINDS[kind].key(each), label: KINDS[kind].label(each), post: each.post || "", words: typed, on, at };
  }

  keep(more) {
    const { number } = this;
    const note = this.put(number, more);
    this.says("noted", { what: [note.person?.label, note.act?.label, note.day && dayOf(note.day)].filter(Boolean).join(" · ") || "–" });
    this.checking = this.check(number);
  }

  put(number, more) {
    const note = { ...this.notes.get(number), ...more };
    this.notes.set(number, note);
    if (number === this.number) this.show();
    return note;
  }

  /** Look for what was chosen without this day once more, on it: the post and the rules are those of that day. Then the note is told. */
  async check(number) {
    const { region } = this;
    const turn = Symbol(number);
    this.checks.set(number, turn);
    const { day } = this.notes.get(number);
    const answers = await Promise.all(stale(this.notes.get(number)).map((kind) => this.again(kind, number, { day, region })));
    // Noted anew since, or let go of: the check that began then tells it, once.
    if (this.checks.get(number) !== turn) return;
    if (number === this.number && answers.some((each) => !each)) this.says("rechoose");
    await this.chosen(number, this.notes.get(number));
  }

  /** Say whether it fits the day: it is found on it too, and nothing that was not before it comes before it now. */
  async again(kind, number, { day, region }) {
    const chosen = this.notes.get(number)[kind];
    const by = { words: chosen.words, on: day };
    let told = {};
    try {
      ({ told } = await this.asked(kind, by, { region }));
    } catch (error) {
      this.says(codeOf(error));
      return true; // it stands as not matched, and can be looked for again
    }
    const note = this.notes.get(number);
    if (note?.day !== day || note[kind] !== chosen) return true;
    const found = told[KINDS[kind].list] || [];
    const at = found.findIndex((each) => KINDS[kind].key(each) === chosen.key);
    if (at < 0 || at > chosen.at) return false;
    this.put(number, { [kind]: this.chosenAs(kind, found[at], { ...by, at }) });
    return true;
  }

  show() {
    noted.hidden = !this.number;
    byId("bench-note-person").textContent = this.note.person?.label || "–";
    byId("bench-note-act").textContent = this.note.act?.label || "–";
    byId("bench-note-post").textContent = (this.note.person?.on && this.note.person.post) || "";
    for (const kind of Object.keys(KINDS)) byId(`bench-again-${kind}`).hidden = !stale(this.note).includes(kind);
  }

  forget() {
    this.notes.clear();
    this.checks.clear();
  }
}
