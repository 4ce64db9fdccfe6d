// What equals an opened report: prints are computed here and sent, and the answer is shown where the officer decides.
import { post } from "./asking.js";
import { printsOf, secretFor, send } from "./prints.js";
import { element } from "./viewing.js";

export class Doubles {
  /** Of one opened report (opened-report.js), whose page has the parts; `own`: the officer's key; `changed` is told what is equal. */
  constructor(report, own, changed = () => {}) {
    Object.assign(this, { report, own, changed, part: report.at("doubles"), secret: null, isUnopened: false, matches: [], deed: null, last: Promise.resolve() });
  }

  /** Compute and send its prints, and mark the report as compared. False where nothing could be: the next opening sends them again. */
  async find() {
    const { report } = this;
    try {
      return await this.compareFirst();
    } finally {
      report.place.dataset.compared = "yes";
    }
  }

  async compareFirst() {
    const { report } = this;
    if (!this.part || !report.content || !report.shown.secrets) return false;
    report.at("doubles-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.merge();
    });
    report.at("doubles-dismiss").addEventListener("click", () => this.act(this.part.dataset.dismiss, this.part.dataset.dismissed));
    const { body, secrets } = report.shown;
    this.secret = await secretFor(this.own, { body, secrets, token: report.token, unopened: () => { this.isUnopened = true; } });
    return this.compare();
  }

  async compare() {
    if (!this.secret || !this.report.content) return false;
    try {
      await this.send(printsOf(this.report.content, this.secret));
      return true;
    } catch (error) {
      if (error.code === "signed_out") throw error;
      return false;
    }
  }

  /** Send prints, one request at a time: the server keeps what comes last, so what was meant last must come last. */
  send(prints, isMeant = () => true) {
    const sent = this.last.catch(() => {}).then(() => isMeant() && this.sendNow(prints, () => sent === this.last));
    this.last = sent;
    return sent;
  }

  /** Send who did what on which day in the place of what was sent of it before. Of those that wait for their turn only the newest
      goes. Say whether this one did. */
  async sendDeed(prints) {
    this.deed = prints;
    const isMeant = () => this.deed === prints;
    try {
      return await this.send(prints, isMeant);
    } catch (error) {
      if (isMeant()) throw error;
      return false;
    }
  }

  async sendNow(prints, isLast) {
    const { matches, more } = await send(this.part.dataset.prints, prints, this.report.token);
    const held = this.part.contains(document.activeElement) ? document.activeElement : null;
    this.matches = matches;
    this.report.at("doubles-list").replaceChildren(...matches.map((each) => this.line(each)));
    this.report.at("doubles-more").textContent = this.part.dataset.more.replace("{n}", more);
    this.report.at("doubles-more").hidden = !more;
    this.part.hidden = !this.fresh.length;
    if (held) this.focusAfter(held);
    // While another waits, this is not the answer yet.
    if (isLast()) this.changed(this);
    return true;
  }

  /** Where the focus stood may be gone: it goes to the button that is left here, or to the report. */
  focusAfter(held) {
    if (held.isConnected && held.getClientRects().length) return;
    const place = this.part.hidden ? this.report.at("bench-report-title") || this.report.place : this.report.at("doubles-dismiss");
    place.focus({ preventScroll: true });
  }

  /** Those that are equal and not of one matter with it yet. */
  get fresh() {
    return this.matches.filter((each) => !each.in_matter);
  }

  line(match) {
    const each = element("li");
    const label = element("label");
    const box = element("input", "", { type: "checkbox", name: "report", value: match.number, checked: !match.in_matter, disabled: match.in_matter });
    label.append(box, " ", element("code", match.short), ` · ${[match.received, match.state, ...match.words].join(" · ")}`);
    if (match.in_matter) label.append(` · ${this.part.dataset.said}`);
    each.append(label);
    return each;
  }

  merge() {
    return this.act(this.part.dataset.merge, this.part.dataset.merged);
  }

  /** Merge or dismiss what is ticked among the equal ones, and this report. */
  async act(address, said) {
    const { report } = this;
    const chosen = Array.from(report.at("doubles-list").querySelectorAll("input:checked:not(:disabled)"), (each) => each.value);
    const form = report.form();
    for (const number of [this.part.dataset.number, ...chosen]) form.append("report", number);
    try {
      const answer = await post(address, form, { headers: { Accept: "application/json" } });
      const told = await answer.json();
      if (!answer.ok) return report.actSays(told.says, true);
      report.actSays(said.replace("{n}", told.size), false);
      await report.renew();
      await this.compare();
    } catch (error) {
      if (error.code === "signed_out") report.saysSignedOut();
      else report.actSays(this.part.dataset.failed, true);
    }
    return undefined;
  }
}
