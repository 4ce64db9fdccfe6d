// Seals what lies in an inbox to newcomers of the key set, in steps: opens each report here, reads whom it excludes, makes an envelope.
// What is opened stays in this page's memory for one step; a stop loses nothing, since each step is kept as it is done.
import { post, tellSignedOut } from "./asking.js";
import { Refused, checkChain, digestOf, fingerprintOf, keyFromSecret, padded, seal, secretOf, sign, utf8 } from "./core.js";
import { isExcluded } from "./names.js";
import { base64Of, bytesOf, keysIn, ownKey, ruleIn } from "./opening.js";
import { byId, data, onSubmit, ready, tell, untell } from "./page.js";

const form = byId("reseal");
const offline = byId("reseal-offline");
const shown = data("reseal-shown");
const says = byId("reseal-says");
const counts = { done: 0, sealed: 0, excluded: 0, failed: 0 };
let own = null;
let proof = "";
let stopping = false;

window.addEventListener("pagehide", () => { own = null; });
window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

const show = (state) => {
  byId("reseal-bar").value = counts.done;
  for (const each of ["sealed", "excluded", "failed"]) byId(`reseal-${each}`).textContent = counts[each];
  byId("reseal-names").textContent = Array.from(namesOut, ([name, count]) => `${name}: ${count}`).join(", ");
  says.textContent = says.dataset[state].replace("{done}", counts.done).replace("{all}", shown.numbers.length);
};

const send = async (address, fields) => {
  const body = new FormData();
  body.append("csrfmiddlewaretoken", offline.elements.csrfmiddlewaretoken.value);
  if (proof) body.append("proof", proof);
  for (const [name, value] of Object.entries(fields)) body.append(name, value);
  const answer = await post(address, body);
  if (!answer.ok) throw new Error(`${answer.status}`);
  return answer.json();
};

const namesOut = new Map();

/** One report's envelope to those newcomers whom it does not exclude: [number, keys, sealed, keys left out], or null for nothing. */
const resealed = async (report, owners, set) => {
  const keys = await keysIn(report.envelopes, own, report.content_to);
  const rule = await ruleIn(bytesOf(report.content), keys);
  const newcomers = shown.newcomers.filter((each) => report.to.includes(each.key));
  const excluded = newcomers.filter((each) => isExcluded(rule, each, owners[report.of] || {}));
  for (const { name } of excluded) namesOut.set(name, (namesOut.get(name) || 0) + 1);
  if (excluded.length) counts.excluded += 1;
  const left = excluded.map((each) => each.key);
  // Recipients are those of the set that was checked here, whatever the page says beside their numbers.
  const holders = set.holders.filter((each) => newcomers.some(({ key }) => key === each.key) && !left.includes(each.key));
  if (!holders.length && !report.unsafe) return left.length ? [report.number, [], "", left] : null;
  const envelope = await seal(padded(keys), [...holders.map((each) => each.recipient), set.offline.recipient]);
  return [report.number, holders.map((each) => each.key), base64Of(envelope), left];
};

const failed = (number) => {
  counts.failed += 1;
  const line = document.createElement("li");
  line.append(Object.assign(document.createElement("code"), { textContent: number.slice(0, 6) }));
  byId("reseal-failures").append(line);
};

const work = async (set) => {
  for (let start = 0; start < shown.numbers.length; start += shown.batch) {
    if (stopping) return show("stopped");
    const step = shown.numbers.slice(start, start + shown.batch);
    const { reports, owners } = await send(shown.hand_out, { numbers: step.join(",") });
    const made = [];
    for (const report of reports) {
      try {
        const one = await resealed(report, owners, set);
        if (one) made.push(one);
      } catch {
        failed(report.number);
      }
    }
    if (made.length) counts.sealed += (await send(shown.keep, { sealed: JSON.stringify(made), key_set: digestOf(set) })).kept;
    counts.done = Math.min(start + shown.batch, shown.numbers.length);
    show(stopping ? "stopping" : "going");
  }
  return show("finished");
};

byId("reseal-stop").addEventListener("click", () => {
  stopping = true;
  show("stopping");
});

const run = async (asked, open) => {
  const wrong = asked.querySelector("[data-failed]");
  untell(wrong);
  let set;
  try {
    set = await checkChain(shown.chain);
    if (set.body !== shown.body) throw new Error("another body");
    for (const fingerprint of document.querySelectorAll(".fingerprint")) fingerprint.textContent = fingerprintOf(set);
    await open(set);
  } catch (error) {
    own = null;
    proof = "";
    if (error.code === "signed_out") tellSignedOut(wrong);
    else tell(wrong, error.code || "failed", { word: error.word });
    return;
  }
  for (const each of [form, offline]) if (each) each.hidden = true;
  byId("reseal-bar").max = Math.max(1, shown.numbers.length);
  byId("reseal-work").hidden = false;
  byId("reseal-work").focus();
  show("going");
  try {
    await work(set);
  } catch (error) {
    show(error.code === "signed_out" ? "signed_out" : "broken");
  } finally {
    own = null;
    proof = "";
    byId("reseal-stop").hidden = true;
  }
};

if (form)
  onSubmit(form, () =>
    run(form, async () => {
      own = await ownKey(shown, byId("passphrase").value);
      byId("passphrase").value = "";
    }),
  );

// The key from the safe: what it opens the server tells only to whoever proves that he has it. The key itself stays here.
onSubmit(offline, () =>
  run(offline, async () => {
    const typed = byId("offline-secret");
    own = await keyFromSecret(secretOf(typed.value));
    proof = await sign(own.secret, utf8(shown.proof));
    Object.assign(shown, await send(shown.list, {}).catch((error) => { throw error.code ? error : new Refused("not_counted"); }));
    typed.value = "";
  }),
);
ready(form, offline);
