// A copy of a report for another body: the key of its content, sealed here to that body's holders without whom the report excludes.
// Neither the key of the identity nor that of the dialogue leaves with it.
import { ask, post, tellSignedOut } from "./asking.js";
import { checkChain, digestOf, fingerprintOf, padded, seal, unpadded, unseal } from "./core.js";
import { isExcluded } from "./names.js";
import { base64Of, keysIn, ownKey, ruleOf } from "./opening.js";
import { byId, data, onSubmit, ready, tell, untell } from "./page.js";

const form = byId("copy-open");
const offer = byId("copy-offer");
const shown = data("copy-shown");
const named = (holders) => holders.map((each) => each.name).join(", ") || "–";

const opened = async (own) => {
  const answer = await post(form.action, new FormData(form));
  if (!answer.ok) throw new Error(`${answer.status}`);
  const keys = await keysIn((await answer.json()).envelopes, own, shown.content_to);
  const content = await ask(`${form.dataset.base}bagian/${shown.content}/`);
  if (!content.ok) throw new Error(`${content.status}`);
  const document = unpadded(await unseal(new Uint8Array(await content.arrayBuffer()), keys.content));
  return { keys, rule: ruleOf(document), files: document.files || [] };
};

onSubmit(form, async () => {
  const says = byId("open-says");
  untell(says);
  const chosen = form.querySelector("[name=place]:checked");
  const place = chosen && shown.places.find((each) => String(each.body) === chosen.value);
  if (!place) return tell(says, "choose");
  try {
    const set = await checkChain(place.chain);
    if (set.body !== place.body || digestOf(set) !== place.key_set) return tell(says, "key_set_wrong");
    const { keys, rule, files } = await opened(await ownKey(shown, byId("passphrase").value));
    const excluded = place.holders.filter((each) => each.excluded || isExcluded(rule, each, shown.owners));
    const allowed = place.holders.filter((each) => !excluded.includes(each));
    const holders = set.holders.filter((each) => allowed.some(({ key }) => key === each.key));
    if (!holders.length) return tell(says, "nobody");
    const sealed = await seal(padded({ content: keys.content }), [...holders.map((each) => each.recipient), set.offline.recipient]);
    offer.elements.body.value = place.body;
    offer.elements.key_set.value = digestOf(set);
    // Files that came later, in the dialogue, stay with that.
    offer.elements.files.value = files.map((each) => each.part).join(",");
    byId("copy-files").textContent = files.map((each) => each.name).join(", ") || "–";
    offer.elements.to.value = holders.map((each) => each.key).join(",");
    offer.elements.sealed.value = base64Of(sealed);
    byId("copy-body").textContent = place.name;
    byId("copy-to").textContent = named(allowed);
    byId("copy-excluded").textContent = named(excluded);
    byId("copy-fingerprint").textContent = fingerprintOf(set);
    byId("passphrase").value = "";
    form.hidden = true;
    offer.hidden = false;
    offer.focus();
  } catch (error) {
    if (error.code === "signed_out") tellSignedOut(says);
    else tell(says, error.code || "failed", { word: error.word });
  }
});
ready(form);
