// Reports are sealed to newcomers here: each is opened in this browser, whom its reporter excludes is read, and an envelope for the others
// is sealed. Nothing of it is shown or kept.
import { checkChain, keyFromSecret, padded, seal, text, unpadded, unseal, unwrap } from "./core.js";
import { means } from "./names.js";
import { data, onSubmit, ready, tell, untell } from "./page.js";

const bytesOf = (base64) => Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
const base64Of = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));

const send = async (address, token, fields) => {
  const answer = await fetch(address, { method: "POST", body: new URLSearchParams({ csrfmiddlewaretoken: token, ...fields }), cache: "no-store" });
  if (!answer.ok) throw new Error(`${answer.status}`);
  return answer.json();
};

/** Seal one report to those newcomers whom its reporter does not exclude; resolves to how many that were. */
const resealed = async (report, base, token, own, set, names) => {
  const address = `${base}${report.number}/`;
  const given = await send(`${address}buka/`, token, { resealing: "1" });
  const keys = {};
  for (const each of given.envelopes) Object.assign(keys, JSON.parse(text(await unseal(bytesOf(each), own.identity))));
  const part = given.parts.find((each) => each.kind === "content");
  const answer = await fetch(`${address}bagian/${part.part}/`, { cache: "no-store" });
  if (!answer.ok) throw new Error(`${answer.status}`);
  const { exclude = {} } = unpadded(await unseal(new Uint8Array(await answer.arrayBuffer()), keys.content));
  const stays = (key) => !(exclude.keys || []).includes(key) && !(exclude.names || []).some((name) => means(name, names[key] || ""));
  // Whose key it is stands in the set whose signatures were checked, not in what the page says.
  const to = set.holders.filter((each) => report.newcomers.includes(each.key) && stays(each.key));
  if (!to.length) return 0;
  const sealed = await seal(padded(keys), to.map((each) => each.recipient));
  const holders = to.map((each) => each.key).sort((less, more) => less - more);
  await send(`${address}segel-ulang/`, token, { sealed: base64Of(sealed), to: JSON.stringify(holders) });
  return to.length;
};

const forms = [...document.querySelectorAll("form[data-reseal]")];
for (const form of forms) {
  const shown = data(form.dataset.told);
  const says = form.querySelector("[data-says]");
  const progress = form.querySelector("progress");
  const told = form.querySelector("[data-progress]");
  onSubmit(form, async () => {
    untell(says);
    const counts = { sealed: 0, excluded: 0, failed: 0 };
    try {
      const own = await keyFromSecret(await unwrap(shown.wrapped, form.elements.passphrase.value));
      if (own.recipient !== shown.recipient) throw new Error("another key");
      const set = await checkChain(shown.chain);
      form.elements.passphrase.value = "";
      progress.hidden = false;
      const token = form.elements.csrfmiddlewaretoken.value;
      for (let after = ""; ; ) {
        const answer = await fetch(`${form.dataset.reseal}?after=${after}`, { cache: "no-store" });
        const { reports } = await answer.json();
        if (!reports.length) break;
        for (const report of reports) {
          try {
            counts[(await resealed(report, form.dataset.base, token, own, set, shown.names)) ? "sealed" : "excluded"] += 1;
          } catch {
            counts.failed += 1;
          }
          after = report.number;
          progress.value = counts.sealed + counts.excluded + counts.failed;
          told.textContent = told.dataset.progress.replace(/\{(\w+)\}/g, (_, name) => counts[name]);
        }
      }
      told.focus();
    } catch (error) {
      tell(says, error.code || "failed", { word: error.word });
    } finally {
      progress.hidden = true;
    }
  });
}
ready(...forms);
