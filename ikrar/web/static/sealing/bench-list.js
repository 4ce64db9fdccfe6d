// The list of the workbench: where the cursor stands, what is ticked, and another list in its place without leaving the page
// (a reload would lock the key).
import { ask, codeOf } from "./asking.js";
import { byId } from "./page.js";

const FIELDS = "#bench-list li";
const parsed = (page) => new DOMParser().parseFromString(page, "text/html");

export class BenchList {
  /** `says(code, values)` announces; `open(number)` opens a report; `changed()` is told when ticks changed. */
  constructor({ says, open, changed }) {
    Object.assign(this, { says, open, changed, ticked: new Map(), at: null, place: 0, anchor: null, coming: null, shown: null, passed: new Set() });
    document.addEventListener("click", (event) => this.clicked(event));
    document.addEventListener("change", (event) => {
      const box = event.target.closest?.(`${FIELDS} input`);
      if (box) this.set(box.closest("li"), box.checked);
      if (event.target.form === byId("bench-filters")) this.filter();
    });
    document.addEventListener("focusin", (event) => {
      const row = event.target.closest?.(FIELDS);
      if (row) this.stand(row);
    });
    byId("bench-filters").addEventListener("submit", (event) => {
      event.preventDefault();
      this.filter(true);
    });
  }

  get rows() {
    return Array.from(document.querySelectorAll(FIELDS));
  }

  row(number) {
    return this.rows.find((each) => each.dataset.number === number);
  }

  get cursor() {
    return this.row(this.at) || this.rows[Math.min(this.place, this.rows.length - 1)] || null;
  }

  stand(row) {
    this.at = row.dataset.number;
    this.place = this.rows.indexOf(row);
  }

  focus() {
    const row = this.cursor;
    if (row) row.querySelector("a").focus();
    else byId("bench-side").querySelector("summary").focus();
  }

  move(by) {
    const rows = this.rows;
    if (!rows.length) return;
    const inList = document.activeElement?.closest?.(FIELDS);
    const next = inList || this.at ? rows.indexOf(this.cursor) + by : 0;
    rows[Math.max(0, Math.min(rows.length - 1, next))].querySelector("a").focus();
  }

  /** The first row from the cursor on, its own too, that nobody read; `but`: the report that is being opened or shown already. */
  unread(but) {
    const rows = this.rows;
    const from = this.at ? rows.indexOf(this.cursor) : 0;
    const isNext = ({ dataset: { number, state } }) => state === "received" && number !== but && !this.passed.has(number);
    return [...rows.slice(from), ...rows.slice(0, from)].find(isNext) || null;
  }

  clicked(event) {
    if (event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const swap = event.target.closest("a[data-swap]");
    if (swap) {
      event.preventDefault();
      this.load(swap.href, { focus: true });
      return;
    }
    const link = event.target.closest(`${FIELDS} a`);
    if (!link) return;
    event.preventDefault();
    this.open(link.closest("li").dataset.number);
  }

  // --- ticks -----------------------------------------------------------------------------------------------------

  set(row, isTicked) {
    const { number, state } = row.dataset;
    // With the tick is kept what the officer saw when he set it.
    if (isTicked) this.ticked.set(number, state);
    else this.ticked.delete(number);
    row.querySelector("input").checked = isTicked;
    this.anchor = number;
    this.changed();
  }

  toggle() {
    const row = this.cursor;
    if (row) this.set(row, !this.ticked.has(row.dataset.number));
  }

  range() {
    const rows = this.rows;
    const [from, to] = [rows.findIndex((each) => each.dataset.number === this.anchor), rows.indexOf(this.cursor)];
    if (to < 0) return;
    for (const row of from < 0 ? [rows[to]] : rows.slice(Math.min(from, to), Math.max(from, to) + 1)) this.set(row, true);
  }

  /** Tick reports, on this page of the list or not; `states`: what was seen of those that may not be on it. */
  tick(numbers, states = {}) {
    for (const number of numbers) this.ticked.set(number, states[number] || this.row(number)?.dataset.state || "read");
    this.mark();
    this.changed();
  }

  untick(numbers = [...this.ticked.keys()]) {
    numbers.forEach((each) => this.ticked.delete(each));
    this.mark();
    this.changed();
  }

  // --- what the rows say -------------------------------------------------------------------------------------------

  /** What became of a report: its row says so, and a tick of it holds the state that is seen now. */
  renew(number, state, word) {
    const row = this.row(number);
    if (row) {
      row.dataset.state = state;
      row.querySelector("[data-says-state]").textContent = word;
    }
    if (this.ticked.has(number)) this.ticked.set(number, state);
  }

  /** A report that never opens: read as far as the server knows, and nothing to go to. */
  pass(number, words) {
    this.passed.add(number);
    if (this.row(number)?.dataset.state === "received") this.renew(number, "read", words.read || "read");
  }

  mark() {
    for (const row of this.rows) {
      row.querySelector("input").checked = this.ticked.has(row.dataset.number);
      if (row.dataset.number === this.shown) row.setAttribute("aria-current", "true");
      else row.removeAttribute("aria-current");
    }
  }

  show(number) {
    this.shown = number;
    this.mark();
  }

  // --- another list --------------------------------------------------------------------------------------------------

  filter(focus = false) {
    const asked = new URLSearchParams(Array.from(new FormData(byId("bench-filters"))).filter(([, value]) => value));
    return this.load(`?${asked}`, { focus });
  }

  /** Narrow the list to what nobody read; false where that is nothing more than what stands here, and null where it failed. */
  async unreadOnly() {
    const asked = new URLSearchParams(location.search);
    if (!document.querySelector("#bench-list .pages") || (asked.get("keadaan") || "received") !== "received") return false;
    asked.set("keadaan", "received");
    asked.delete("sesudah");
    if (!(await this.load(`?${asked}`, { quiet: true }))) return null;
    byId("id_keadaan").value = "received";
    return true;
  }

  again({ focus = false } = {}) {
    return this.load(location.href, { focus, quiet: true });
  }

  /** Put the list of an address in this one's place. The last that was asked for wins. Say whether it is this. */
  async load(address, { focus = false, quiet = false } = {}) {
    this.coming?.abort();
    const turn = (this.coming = new AbortController());
    const held = focus || Boolean(document.activeElement?.closest?.("#bench-list"));
    byId("bench-list").setAttribute("aria-busy", "true");
    try {
      const answer = await ask(address, { headers: { "Ikrar-Part": "list" }, signal: turn.signal });
      const fresh = answer.ok && parsed(await answer.text()).getElementById("bench-list");
      if (turn !== this.coming) return false;
      if (!fresh) throw new Error("another page");
      byId("bench-list").replaceWith(document.adoptNode(fresh));
      if (!quiet) [this.at, this.place, this.anchor] = [null, 0, null];
      history.replaceState(null, "", address);
      this.mark();
      if (held) this.focus();
      if (!quiet) this.says("listed", { says: byId("bench-count")?.textContent || "" });
      return true;
    } catch (error) {
      if (error.name !== "AbortError") this.says(codeOf(error));
      return false;
    } finally {
      if (turn === this.coming) byId("bench-list").removeAttribute("aria-busy");
    }
  }
}
