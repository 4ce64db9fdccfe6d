// The workbench of intake: the key is unlocked once and stays in this page's memory alone; reports open beside the list, one at a
// time; all of it by keyboard. What is done is done to the report that is shown, or to those that are ticked: the page says which.
import { ask, codeOf, post, tellSignedOut } from "./asking.js";
import { Finding, isWhole } from "./bench-finding.js";
import { Handing } from "./bench-handing.js";
import { BenchList } from "./bench-list.js";
import { Doubles } from "./doubles.js";
import { watch } from "./idle.js";
import { OpenedReport, sealedWords } from "./opened-report.js";
import { ownKey } from "./opening.js";
import { byId, data, onSubmit, ready, tell, untell } from "./page.js";
import { matterPrint } from "./prints.js";
import { element } from "./viewing.js";

const bench = data("bench-data");
const unlock = byId("unlock");
const token = byId("conclude-form").elements.csrfmiddlewaretoken.value;
const help = byId("bench-help");
const dialog = byId("conclude");
const AT_ONCE = 20; // reports in one request: with words of an officer in each it stays small
const own = new Map(); // recipient → the officer's own key
const dialogues = new Map(); // number → recipient of its dialogue, checked when the report was opened here; empty where it has none
const deeds = new Set(); // reports whose deed was sent
const short = (number) => number.slice(0, 6);

let current = null; // the report that is shown: {number, report}
let coming = null; // the opening that is under way
let opening = null; // what it comes to: whether that report is shown
let openingNumber = ""; // which one that is
let turns = 0; // how often something was said
let leaving = ""; // what he was warned about: something unsent stands in the report that he leaves
let isLocking = false; // what is unsent is given up
let toldOfSecret = false; // that the secret of doubles does not open is said once
let waiting = ""; // what he wanted to open while the key was locked

const says = (code, values = {}) => {
  turns += 1;
  const place = byId("bench-says");
  place.className = "message";
  if (code === "signed_out") tellSignedOut(place);
  else if (code) tell(place, values.n === 1 && place.dataset[`${code}_one`] ? `${code}_one` : code, values);
  else place.hidden = true;
};
const saysWords = (words) => {
  turns += 1;
  const place = byId("bench-says");
  place.className = "message";
  place.textContent = words;
  place.hidden = false;
};

const showTicks = () => {
  const bar = byId("bench-ticked");
  bar.hidden = !list.ticked.size;
  bar.querySelector("[data-count]").textContent = byId("bench-says").dataset[list.ticked.size === 1 ? "ticked_one" : "ticked"].replace("{n}", list.ticked.size);
  showActs();
};
const showActs = () => {
  byId("bench-acts").hidden = !current && !list.ticked.size;
  const chosen = chosenNow();
  for (const to of Object.keys(bench.conclusions)) byId("bench-acts").querySelector(`[data-do=${to}]`).hidden = unable(to, chosen).length === chosen.length;
};
/** What a conclusion is about: what is ticked, else the report that is shown; each in the state that he saw. */
const chosenNow = () => {
  if (list.ticked.size) return Array.from(list.ticked, ([number, was]) => ({ number, was }));
  return current ? [{ number: current.number, was: current.report.state }] : [];
};
/** Those of the chosen that cannot be concluded so from here, each with why. */
const unable = (to, chosen, hasWords = false) =>
  chosen.flatMap(({ number, was }) => {
    if (was === "received") return [{ number, why: "unread" }];
    if (!bench.conclusions[to].from.includes(was)) return [{ number, why: "state" }];
    // Words are sealed to a key that this browser checked when it opened the report; to no other.
    if (!hasWords || dialogues.get(number)) return [];
    return [{ number, why: dialogues.has(number) ? "no_dialogue" : "unopened_words" }];
  });
const list = new BenchList({ says, open: (number) => openReport(number), changed: showTicks });

const finding = new Finding({ token, says, chosen: (number, note) => sendDeed(number, note) });

// --- the key -----------------------------------------------------------------------------------------------------

/** Lock now: whoever asks for it himself is told first of what he did not send. */
const lockAsked = () => (mayLeave("lock") ? lock() : undefined);
const lock = () => {
  isLocking = true;
  own.clear();
  dialogues.clear();
  finding.forget();
  current?.report.forget();
  location.reload();
};
const stayAwake = watch({ says: byId("idle-says"), isOpen: () => own.size, lock });
window.addEventListener("beforeunload", (event) => {
  if (!isLocking && (current?.report.isWritten || (dialog.open && byId("conclude-words").value))) event.preventDefault();
});
window.addEventListener("pagehide", () => { own.clear(); current?.report.forget(); });

const askForWords = (code) => {
  unlock.hidden = false;
  if (code) tell(byId("unlock-says"), code);
  byId("passphrase").focus();
};

onSubmit(unlock, async () => {
  const typed = byId("passphrase");
  untell(byId("unlock-says"));
  if (!typed.value.trim()) return tell(byId("unlock-says"), "passphrase_empty");
  let failed = null;
  for (const each of bench.keys.filter(({ recipient }) => !own.has(recipient))) {
    try {
      own.set(each.recipient, await ownKey(each, typed.value));
      failed = null;
      break;
    } catch (error) {
      failed = error;
    }
  }
  if (failed) return tell(byId("unlock-says"), failed.code || "failed", { word: failed.word });
  typed.value = "";
  unlock.hidden = true;
  stayAwake();
  if (waiting) return openReport(waiting);
  return list.focus();
});

// --- opening -----------------------------------------------------------------------------------------------------

/** Something that he wrote and did not send goes only when he says so twice. */
const mayLeave = (number) => {
  if (!current?.report.isWritten || leaving === number) return true;
  leaving = number;
  says("written");
  return false;
};

document.addEventListener("input", () => { leaving = ""; });

const fragment = async (number, signal) => {
  const answer = await ask(`${location.pathname}${number}/`, { signal });
  if (!answer.ok || answer.redirected) throw new Error(`${answer.status}`);
  const root = document.createElement("article");
  root.append(...new DOMParser().parseFromString(await answer.text(), "text/html").body.childNodes);
  return root;
};

/** Open a report in place. Each opening has its own part of the page; the last that was asked for is the one that is shown. */
const openReport = async (number) => {
  if (!own.size) {
    waiting = number;
    says("locked");
    return askForWords();
  }
  if (!mayLeave(number)) return undefined;
  [waiting, leaving] = ["", ""];
  coming?.abort();
  const turn = (coming = new AbortController());
  const under = (opening = openNow(number, turn));
  openingNumber = number;
  await under;
  if (opening === under) [opening, openingNumber] = [null, ""];
  return undefined;
};

/** Open it and show it; comparing goes on by itself. Say whether it is shown. */
const openNow = async (number, turn) => {
  says("opening", { number: short(number) });
  let report = null;
  try {
    const root = await fragment(number, turn.signal);
    // Conclusions have their keys here; the form that changes a state without one of the fixed reasons stays on the report's own page.
    report = new OpenedReport(root, { token, signal: turn.signal, forms: ["reply"], renewed: (one) => renewed(number, one), told: (words) => saysAct(report, words) });
    // The line of the page announces it; beside the act it is read.
    report.at("act-says").removeAttribute("role");
    const key = own.get(report.shown.recipient);
    if (!key) {
      waiting = number;
      askForWords("other_key");
      return false;
    }
    await report.open(key);
    if (turn !== coming || !own.size) throw new DOMException("later", "AbortError");
    show(number, report);
    await report.renew();
    report.comparing = compare(number, report, key).catch((error) => says(codeOf(error)));
    return true;
  } catch (error) {
    if (report && report !== current?.report) report.forget();
    // What never opens is passed over from now on.
    if (error.code === "unopenable") list.pass(number, bench.states);
    if (error.code === "signed_out") says("signed_out");
    else if (error.name !== "AbortError") says("unopened", { number: short(number), says: error.says || "" });
    return false;
  }
};
/** A key that acts at once is meant for the report that is being opened, not for the one that still stands there. */
let acting = 0;
const held = [];
const onceShown = (act) => async () => {
  acting += 1;
  try {
    if ((await opening) !== false) return act();
    held.length = 0;
    return undefined;
  } finally {
    acting -= 1;
    if (!acting) giveHeld();
  }
};
/** What was typed ahead while an act waited for its report is given to whatever stands there now, in its order. */
const giveHeld = () => {
  for (const key of held.splice(0)) {
    const target = document.activeElement ?? document.body;
    const isFree = target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
    // What a browser does by itself with a key of a real keyboard.
    if (isFree && key === "Enter") target.matches("button, a, summary") ? target.click() : target.form?.requestSubmit();
  }
};
const onceCompared = (act) => onceShown(async () => {
  await current?.report.comparing;
  await finding.checking;
  return act();
});

const show = (number, report) => {
  current?.report.forget();
  current = { number, report };
  dialogues.set(number, report.keys.dialogue ? report.shown.dialogue_to : "");
  report.at("lock").addEventListener("click", lockAsked);
  byId("bench-shown").replaceChildren(report.root);
  delete byId("bench-shown").dataset.compared;
  list.show(number);
  finding.about(number, report.shown.region);
  showActs();
  says("opened", { number: short(number) });
  report.turn = turns;
  report.size = sizeOf(report);
  byId("bench-report-title").focus({ preventScroll: true });
  if (matchMedia("(max-width: 60rem)").matches) byId("bench-report").scrollIntoView();
  stayAwake();
};

const sizeOf = (report) => Number(report.root.querySelector("#matter [data-size]")?.dataset.size || 0);
const renewed = (number, report) => {
  list.renew(number, report.state, bench.states[report.state] || report.state);
  showActs();
  const [before, size] = [report.size, sizeOf(report)];
  report.size = size;
  if (before === size) return;
  // It was taken out of its matter, or somebody put it into one: the rows of the others say so too, and what equals it is asked anew.
  list.again();
  report.doubles?.compare().catch((error) => says(codeOf(error)));
};
/** What an act on the report that is shown came to: the line of the page does not go on telling what was before it. */
const saysAct = (report, words) => {
  if (current?.report !== report) return;
  if (words) saysWords(words);
  else says("signed_out");
};

/** Send a form; return whether it was taken, and what was answered. */
const send = async (address, form) => {
  form.set("csrfmiddlewaretoken", token);
  const answer = await post(address, form, { headers: { Accept: "application/json" } });
  return { ok: answer.ok, told: await answer.json() };
};

// --- doubles -------------------------------------------------------------------------------------------------------

/** Look for reports that equal the one that was opened. What comes back when another is shown already is shown nowhere. */
const compare = async (number, report, key) => {
  const doubles = new Doubles(report, key, () => saysSame(number, report));
  report.doubles = doubles;
  const wasCompared = await doubles.find();
  if (doubles.isUnopened && !toldOfSecret && current?.report === report) {
    toldOfSecret = true;
    says("secret_unopened", { number: short(number) });
  }
  const note = finding.notes.get(number);
  if (wasCompared && note) await sendDeed(number, note);
  if (current?.report === report) byId("bench-shown").dataset.compared = number;
};
const saysSame = (number, report) => {
  if (current?.report !== report) return;
  // What was said of an act since this was asked is not talked over by what opening brings along.
  if (report.turn !== turns) return;
  const { fresh, matches } = report.doubles;
  says(fresh.length ? "same" : matches.length ? "same_matter" : "compared", { number: short(number), n: fresh.length });
};
const sendDeed = async (number, note) => {
  const { report } = current || {};
  if (current?.number !== number || !report.doubles?.secret) return;
  const isMeant = isWhole(note);
  // What was sent and is not meant any more is taken back, without a word of it.
  if (!isMeant && !deeds.has(number)) return;
  const { secret, version } = report.doubles.secret;
  const deed = isMeant ? [matterPrint(secret, { person: note.person.key, act: note.act.key, day: note.day })] : [];
  deeds.add(number);
  if (isMeant) report.turn = turns;
  try {
    if ((await report.doubles.sendDeed({ version, deed })) && !isMeant) deeds.delete(number);
  } catch (error) {
    says(codeOf(error));
  }
};
/** Tick the report that is shown and all that equal it. */
const tickSame = () => {
  if (!current) return says("none");
  const matches = current.report.doubles?.matches || [];
  if (!matches.length) return says("no_same");
  list.tick([current.number, ...matches.map((each) => each.number)], Object.fromEntries([[current.number, current.report.state], ...matches.map((each) => [each.number, each.state_id])]));
  return says("ticked", { n: list.ticked.size });
};
/** Merge what is ticked; where nothing is, the report that is shown with those that equal it. */
const merge = async () => {
  const fresh = current?.report.doubles?.fresh.map((each) => each.number) || [];
  const numbers = list.ticked.size ? [...list.ticked.keys()] : fresh.length ? [current.number, ...fresh] : [];
  if (numbers.length < 2) return says("few");
  const form = new FormData();
  for (const number of numbers) form.append("report", number);
  try {
    const { ok, told } = await send(byId("bench-shown").dataset.merge, form);
    if (!ok) return saysWords(told.says);
    list.untick(numbers);
    const { report } = current || {};
    if (report) {
      await report.renew();
      await report.doubles?.compare();
    }
    await list.again();
    return says("merged", { n: told.size });
  } catch (error) {
    return says(codeOf(error));
  }
};
const unmerge = () => {
  const form = current?.report.at("unmerge");
  if (!form) return says(current ? "not_here" : "none");
  form.requestSubmit();
  return undefined;
};

// --- conclusions ---------------------------------------------------------------------------------------------------

/** The reports of the matter that the shown one belongs to, in the states that are shown. */
const matter = () => Array.from(current?.report.root.querySelectorAll("#matter [data-member]") || [], (each) => ({ number: each.dataset.member, was: each.dataset.state }));

const handing = new Handing(bench.handed, () => showTold());
let registered = []; // what was registered last: a case is opened of it

let concluding = null; // {to, chosen: [{number, was}], left: [number], of}: fixed when the dialog opens; what is asked twice, and what was left, later
let unsent = null; // {words, numbers}: what he wrote for reports that were not concluded with it
const why = (each) => `${short(each.number)}: ${byId("conclude-unable").dataset[each.why]}`;

const conclude = (to) => {
  const chosen = chosenNow();
  if (!chosen.length) return says("none");
  const never = unable(to, chosen);
  if (never.length === chosen.length) return list.ticked.size ? saysWords(never.map(why).join(" ")) : says("not_here");
  const { label, reasons } = bench.conclusions[to];
  concluding = { to, chosen, left: [], of: list.ticked.size ? "ticked" : "shown" };
  byId("conclude-title").textContent = label;
  byId("conclude-do").textContent = label;
  byId("conclude-reasons").replaceChildren(...reasons.map((each, index) => {
    const line = element("label");
    line.append(element("input", "", { type: "radio", name: "reason", value: each.id, required: true }), ` ${each.label} `, element("kbd", `${index + 1}`));
    return line;
  }));
  handing.ask(to === "handed_over", list.ticked.size ? null : current.report.root);
  showTold();
  askSure([]);
  const members = list.ticked.size ? [] : matter();
  // Of a matter so large that the page shows a part of it alone, the whole is not offered.
  byId("conclude-whole-line").hidden = members.length < 2 || members.length < sizeOf(current.report);
  byId("conclude-whole-line").querySelector("[data-count]").textContent = members.length;
  byId("conclude-whole").checked = false;
  concluding.members = members;
  tellWhich();
  byId("conclude-words").value = unsent && chosen.some(({ number }) => unsent.numbers.has(number)) ? unsent.words : "";
  untell(byId("conclude-says"));
  tellUnable();
  dialog.showModal();
  byId("conclude-reasons").querySelector("input").focus();
  renewHanding();
  return undefined;
};
/** A copy may have been offered in another tab since: what is chosen and typed here stays. */
const renewHanding = async () => {
  const { report } = current || {};
  const isOpen = () => dialog.open && handing.isAsked && !handing.way && !list.ticked.size && current?.report === report;
  if (!isOpen()) return;
  await report.renew();
  if (isOpen()) handing.ask(true, report.root);
};
window.addEventListener("focus", renewHanding);

/** The reports that the dialog asks about: what was chosen, or the whole matter. */
const asked = () => (byId("conclude-whole").checked ? concluding.members : concluding.chosen);
/** Name what the dialog asks about: each of them, and whether it is what is shown, what is ticked, the whole matter, or what is left of these. */
const tellWhich = () => {
  const all = asked();
  const of = byId("conclude-whole").checked ? "whole" : concluding.of;
  const numbers = all.map((each) => short(each.number)).join(", ");
  tell(byId("conclude-which"), of === "left" && all.length === 1 ? "left_one" : of, { n: all.length, numbers });
};
/** What the dialog is about now: the reports that are concluded, those that cannot be, and the words. */
const meant = () => {
  const all = asked();
  const words = byId("conclude-words").value.trim();
  const not = unable(concluding.to, all, Boolean(words));
  return { words, not, able: all.filter(({ number }) => !not.some((each) => each.number === number)) };
};
/** Say before anything is done which of them stay as they are; whether the others are concluded alone he decides. */
const tellUnable = () => {
  const part = byId("conclude-unable");
  const { not, able } = meant();
  const lines = not.map(why);
  const told = `${able.length} ${lines.join("\n")}`;
  if (part.dataset.told === told) return;
  part.dataset.told = told;
  part.hidden = !lines.length;
  byId("conclude-left").replaceChildren(...lines.map((each) => element("li", each)));
  byId("conclude-others").checked = false;
  byId("conclude-others").closest("label").hidden = !able.length;
  part.querySelector("[data-count]").textContent = able.length;
};
byId("conclude-words").addEventListener("input", tellUnable);
byId("conclude-whole").addEventListener("change", () => {
  tellWhich();
  tellUnable();
});

const showTold = () => {
  const reason = byId("conclude-form").elements.reason?.value;
  const told = bench.conclusions[concluding.to].reasons.find((each) => each.id === reason)?.told;
  byId("conclude-told").textContent = told ? `${told} ${handing.told}`.trim() : byId("conclude-told").dataset.choose;
};
/** Show what stands against the conclusion of these reports, to be confirmed; with none, nothing is asked. */
const askSure = (doubted) => {
  concluding.doubts = [...new Set(doubted.map((each) => each.doubt))];
  byId("conclude-doubts").hidden = !doubted.length;
  byId("conclude-doubt-lines").replaceChildren(...doubted.map((each) => element("li", `${short(each.number)}: ${each.says}`)));
  byId("conclude-sure").checked = false;
  if (!doubted.length) return;
  const all = asked();
  concluding.chosen = all.filter((each) => doubted.some(({ number }) => number === each.number));
  concluding.of = concluding.chosen.length < all.length ? "left" : byId("conclude-whole").checked ? "whole" : concluding.of;
  byId("conclude-whole").checked = false;
  byId("conclude-whole-line").hidden = true;
  tellWhich();
  tellUnable();
  byId("conclude-doubts").focus();
};
dialog.addEventListener("change", (event) => {
  if (event.target.name !== "reason") return;
  // Another reason is another question.
  askSure([]);
  showTold();
});
dialog.addEventListener("keydown", (event) => {
  if (asksForHelp(event)) {
    event.preventDefault();
    ACTS.help();
  }
  if (isTyping(event.target)) return;
  if (event.key === "w" && !byId("conclude-whole-line").hidden) byId("conclude-whole").click();
  if (event.key === "y" && byId("conclude-others").getClientRects().length) byId("conclude-others").click();
  if (!/^[1-9]$/.test(event.key)) return;
  const radio = byId("conclude-reasons").querySelectorAll("input")[event.key - 1];
  if (!radio) return;
  event.preventDefault();
  radio.focus();
  radio.click();
});
dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
dialog.addEventListener("close", () => {
  const words = byId("conclude-words").value;
  // Closed without a conclusion, his words wait for the next one on these reports.
  if (words) unsent = { words, numbers: new Set([...concluding.chosen.map(({ number }) => number), ...concluding.left]) };
  (current && !list.ticked.size ? byId("bench-report-title") : list).focus();
});

onSubmit(byId("conclude-form"), async () => {
  const { to, doubts } = concluding;
  const { words, not, able } = meant();
  untell(byId("conclude-says"));
  if (doubts.length && !(byId("conclude-sure").checked && words)) return tell(byId("conclude-says"), "unsure");
  const reason = byId("conclude-form").elements.reason.value;
  if (not.length && !(able.length && byId("conclude-others").checked)) {
    tell(byId("conclude-says"), able.length ? "undecided" : "nothing_able");
    if (able.length) byId("conclude-others").focus();
    return undefined;
  }
  const reports = [];
  try {
    for (const each of able) reports.push(words ? { ...each, sealed: await sealedWords(words, dialogues.get(each.number)) } : each);
    const given = { done: [], refused: [], says: [] };
    for (let from = 0; from < reports.length; from += AT_ONCE) {
      const form = new FormData();
      form.append("to", to);
      form.append("reason", reason);
      form.append("sure", doubts.join(" "));
      for (const [name, value] of Object.entries(handing.values)) form.append(name, value);
      form.append("reports", JSON.stringify(reports.slice(from, from + AT_ONCE)));
      const { ok, told } = await send(byId("conclude-form").action, form);
      if (!ok) throw Object.assign(new Error("refused"), { says: told.says });
      given.done.push(...(told.done || []));
      given.refused.push(...(told.refused || []));
      given.says.push(told.says);
    }
    const doubted = given.refused.filter((each) => each.doubt);
    const others = given.refused.filter((each) => !each.doubt);
    concluding.left.push(...[...not, ...others].map(({ number }) => number));
    if (doubted.length) askSure(doubted);
    else {
      const { left } = concluding;
      byId("conclude-words").value = "";
      dialog.close();
      unsent = words && left.length ? { words, numbers: new Set(left) } : null;
    }
    if (given.done.length || others.length || !doubted.length) await concluded({ ...given, says: given.says.join(" ") }, others, to);
  } catch (error) {
    // What he wrote stays until it is sent; what was done already is refused the second time, and says so.
    const place = byId("conclude-says");
    if (error.code === "signed_out") return tellSignedOut(place);
    place.textContent = error.says || byId("bench-says").dataset.unsent;
    place.hidden = false;
  }
  return undefined;
});

const concluded = async (given, refused, to) => {
  saysWords(given.says || refused.map((each) => `${short(each.number)}: ${each.says}`).join(" "));
  const lines = byId("bench-refused");
  lines.replaceChildren(...refused.map((each) => element("li", `${short(each.number)}: ${each.says}`)));
  lines.hidden = !refused.length;
  registered = to === "registered" ? given.done : [];
  if (registered.length && byId("bench-says").dataset.then) {
    const open = element("button", byId("bench-says").dataset.thenDo, { type: "button", className: "secondary" });
    open.dataset.do = "case";
    open.append(" ", element("kbd", "v"));
    byId("bench-says").append(` ${byId("bench-says").dataset.then} `, open);
  }
  given.done.forEach((number) => list.renew(number, to, bench.states[to]));
  list.untick(given.done);
  // Whoever was refused since somebody else was quicker sees the new state before he decides again.
  if (current) await current.report.renew();
  await list.again({ focus: true });
};

/** The reports that a case is opened of: what is ticked; what was registered just now; else the one that is shown. */
const ofCase = () => {
  if (list.ticked.size) return [...list.ticked.keys()];
  if (registered.length && (!current || registered.includes(current.number))) return registered;
  return current ? [current.number] : [];
};

// --- keys ------------------------------------------------------------------------------------------------------------

/** Go to a part of the report that is shown, or say that it has none now. */
const goTo = (find) => {
  if (!current) return says("none");
  const place = find(current.report);
  if (!place || !place.getClientRects().length) return says("not_here");
  place.focus();
  place.scrollIntoView({ block: "center" });
  return undefined;
};
const askFor = (report) => {
  const reply = report.at("reply");
  if (!reply?.elements.asks) return null;
  // That he asks is what the key says, nothing that he wrote: it is no reason to warn him when he leaves.
  [reply.elements.asks.checked, reply.elements.asks.defaultChecked] = [true, true];
  return reply.querySelector("[data-ask]");
};
const back = () => {
  const { activeElement } = document;
  if (finding.isOpen) {
    finding.close();
    return byId("bench-report-title").focus();
  }
  if (finding.isAtDay) return finding.leaveDay();
  if (activeElement?.closest("#bench-shown") && activeElement.id !== "bench-report-title") return byId("bench-report-title").focus();
  return list.focus();
};

const ACTS = {
  next: async () => {
    const but = openingNumber || current?.number;
    let row = list.unread(but);
    if (!row) {
      if ((await list.unreadOnly()) === null) return undefined;
      row = list.unread(but);
    }
    if (!row) return says("no_unread");
    list.stand(row);
    return openReport(row.dataset.number);
  },
  help: () => help.showModal(),
  lock: lockAsked,
  untick: () => list.untick(),
  same: onceCompared(tickSame),
  merge: onceCompared(merge),
  unmerge: onceShown(unmerge),
  open: () => list.cursor && openReport(list.cursor.dataset.number),
  filter: () => {
    byId("bench-filter").open = true;
    byId("bench-filters").querySelector("select").focus();
  },
  answer: () => goTo((report) => report.at("reply-text")),
  ask: () => goTo(askFor),
  complete: () => goTo((report) => report.at("ticks")?.querySelector("input[name=met]")),
  person: () => (current ? finding.ask("person") : says("none")),
  case: () => (ofCase().length ? byId("bench-case").requestSubmit() : says("none")),
  deed: () => (current ? finding.ask("act") : says("none")),
  day: () => (current ? byId("bench-day").focus() : says("none")),
  // The report that is being opened is concluded in the state that it comes to by that.
  ...Object.fromEntries(Object.keys(bench.conclusions).map((to) => [to, () => (list.ticked.size ? conclude(to) : onceShown(() => conclude(to))())])),
};
const KEYS = {
  j: () => list.move(1), ArrowDown: () => list.move(1), k: () => list.move(-1), ArrowUp: () => list.move(-1),
  x: () => list.toggle(), X: () => list.range(), n: ACTS.next, "/": ACTS.filter, "?": ACTS.help,
  r: ACTS.registered, i: ACTS.initial_information, b: ACTS.not_a_breach, h: ACTS.handed_over, l: ACTS.read,
  a: ACTS.answer, o: ACTS.ask, c: ACTS.complete, p: ACTS.person, s: ACTS.deed, t: ACTS.day,
  m: ACTS.same, g: ACTS.merge, u: ACTS.unmerge, v: onceShown(ACTS.case),
};

const isTyping = (target) => target.matches("textarea, select, [contenteditable], input:not([type=checkbox], [type=radio], [type=button], [type=submit])");
/** Lists and days take no question mark: there it asks for help too. The day of the desk note tells by itself which keys it takes. */
const asksForHelp = ({ key, ctrlKey, metaKey, altKey, target }) =>
  key === "?" && !(ctrlKey || metaKey || altKey || acting) && (!isTyping(target) || target.matches("select, input[type=date]:not(#bench-day)"));
document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || document.querySelector("dialog[open]")) return;
  const target = event.target instanceof Element ? event.target : document.body;
  if (event.key === "Escape") {
    event.preventDefault();
    held.length = 0;
    back();
    return;
  }
  if (asksForHelp(event)) {
    event.preventDefault();
    ACTS.help();
    return;
  }
  if (isTyping(target)) return;
  if (acting && /^(.|Enter|Arrow.*)$/.test(event.key)) {
    event.preventDefault();
    held.push(event.key);
    return;
  }
  if (event.key === "Enter") {
    // A button, a link and a fold do what they say; on a row's box and on the page itself Enter opens.
    if (target.closest("button, a, summary")) return;
    event.preventDefault();
    ACTS.open();
    return;
  }
  if (event.key.startsWith("Arrow") && finding.isOpen && finding.move(event.key === "ArrowDown" ? 1 : -1)) {
    event.preventDefault();
    return;
  }
  // Where arrows choose or scroll by themselves they stay with that.
  if (event.key.startsWith("Arrow") && (target.matches("input[type=radio], audio, video") || target.closest("#bench-report"))) return;
  const act = KEYS[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-do]");
  if (button) ACTS[button.dataset.do]?.();
});
byId("bench-aside").addEventListener("submit", (event) => {
  const form = event.target;
  form.querySelectorAll("[name=report]").forEach((each) => each.remove());
  for (const number of list.ticked.keys()) form.append(element("input", "", { type: "hidden", name: "report", value: number }));
});

// A case is opened on a page of its own: this one keeps the key. Which reports it comes of, and who, what and when of their desk
// notes, is sent in the body of a request that only fills the form there.
byId("bench-case").addEventListener("submit", (event) => {
  const form = event.target;
  form.querySelectorAll("[data-sent]").forEach((each) => each.remove());
  const put = (name, value) => {
    const field = element("input", "", { type: "hidden", name, value });
    field.dataset.sent = "";
    form.append(field);
  };
  const numbers = ofCase();
  for (const number of numbers) put("laporan", number);
  const notes = finding.notesOf(numbers);
  put("do", "fill");
  put("rows", Math.max(1, notes.length));
  notes.forEach(({ person, act, day }, at) => {
    put(`t${at}-person`, person?.key || "");
    put(`t${at}-act`, act?.key || "");
    put(`t${at}-on`, day || "");
  });
});

if (bench.keys.length) {
  ready(unlock, byId("bench-bar"));
  byId("passphrase").focus();
}
