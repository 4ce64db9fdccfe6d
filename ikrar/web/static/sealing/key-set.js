// Key sets: the offline key is made and printed here; a proposal is checked here against the whole chain before it is signed.
import {
  checkChain, checkFollows, difference, fingerprintOf, messageOf, newKey, parseSet, secretOf, sign, signedBy,
  unwrap, verifierOf,
} from "./core.js";
import { byId, data, onSubmit, ready, tell, untell } from "./page.js";

// --- proposing: the offline key on paper -------------------------------------------------------------------------

const proposing = byId("propose");
if (proposing) {
  const says = byId("offline-says");
  const again = byId("offline-again");
  const paper = byId("offline-paper");
  const chosen = byId("new-offline");
  const isFirst = "first" in proposing.dataset;
  let key = null;
  let groups = [];
  let asked = [];

  const forget = () => {
    key = null;
    paper.hidden = true;
    byId("offline-made").hidden = true;
    proposing.elements.offline_recipient.value = "";
    proposing.elements.offline_verifier.value = "";
  };
  const askFor = () => {
    const places = groups.map((_, place) => place).slice(4);
    const first = places.splice(crypto.getRandomValues(new Uint32Array(1))[0] % places.length, 1)[0];
    asked = [first, places[crypto.getRandomValues(new Uint32Array(1))[0] % places.length]].sort((a, b) => a - b);
    byId("offline-asked").textContent = asked.map((place) => place + 1).join(", ");
  };
  byId("make-offline").addEventListener("click", async () => {
    untell(says);
    try {
      key = await newKey();
      const { encodeQR } = await import("../vendor/qr.js");
      groups = key.identity.match(/.{1,4}/g);
      byId("offline-groups").replaceChildren(
        ...groups.map((group) => Object.assign(document.createElement("li"), { textContent: group })),
      );
      byId("offline-whole").textContent = key.identity;
      byId("offline-public").textContent = key.recipient;
      byId("offline-qr").src = `data:image/svg+xml,${encodeURIComponent(encodeQR(key.identity, "svg"))}`;
      proposing.elements.offline_recipient.value = key.recipient;
      proposing.elements.offline_verifier.value = await verifierOf(key.secret);
      again.value = "";
      askFor();
      paper.hidden = false;
      byId("offline-made").hidden = false;
    } catch {
      forget();
      tell(says, "failed");
    }
  });
  byId("print-offline").addEventListener("click", () => {
    document.body.classList.add("paper-alone");
    window.print();
    document.body.classList.remove("paper-alone");
  });
  if (chosen) {
    chosen.addEventListener("change", () => {
      byId("offline-making").hidden = !chosen.checked;
      if (!chosen.checked) forget();
    });
  }
  onSubmit(proposing, async () => {
    untell(says);
    if (isFirst || chosen?.checked) {
      if (!key) return tell(says, "missing");
      const typed = again.value.toUpperCase().replace(/[^0-9A-Z]/g, "");
      if (typed !== asked.map((place) => groups[place].replace(/-/g, "")).join("")) {
        again.focus();
        return tell(says, "other");
      }
    }
    proposing.submit();
  });
  ready(proposing, byId("offline"));
}

// --- signing -----------------------------------------------------------------------------------------------------

const proposal = byId("proposal");
if (proposal) {
  const shown = data("proposal");
  const named = (holders) =>
    holders.map((each) => `${shown.names[each.key] || `#${each.key}`} (…${each.recipient.slice(-8)})`).join(", ") || "–";

  /** Check the chain and what the proposal changes, and show it in this browser's own words; return what is signed. */
  const checked = async () => {
    const before = shown.chain.length ? await checkChain(shown.chain) : null;
    const made = parseSet(shown.document);
    checkFollows(made, before);
    const fingerprint = fingerprintOf(made);
    if (fingerprint !== shown.fingerprint) throw new Error("fingerprint");
    const { coming, going, staying, offlineIsNew } = difference(made, before);
    const chain = byId("checked-chain");
    chain.textContent = before ? chain.dataset.says.replace("{n}", shown.chain.length) : chain.dataset.first;
    byId("checked-coming").textContent = named(coming);
    byId("checked-going").textContent = named(going);
    byId("checked-staying").textContent = named(staying);
    const offline = byId("checked-offline");
    offline.textContent = `${offlineIsNew ? offline.dataset.new : offline.dataset.same} (…${made.offline.recipient.slice(-8)})`;
    if (before) byId("checked-before").textContent = fingerprintOf(before);
    byId("checked-fingerprint").textContent = fingerprint;
    return { made, before };
  };

  const signing = (form, secretFrom, { made, before }) => {
    if (!form) return;
    const typed = form.querySelector("[data-secret]");
    const says = form.querySelector("[data-error]");
    onSubmit(form, async () => {
      untell(says);
      try {
        const secret = await secretFrom(typed.value);
        const verifier = await verifierOf(secret);
        const signature = await sign(secret, messageOf(made));
        if (!(await signedBy(made, before, [{ verifier, signature }])).size) return tell(says, "not_counted");
        typed.value = "";
        form.elements.verifier.value = verifier;
        form.elements.signature.value = signature;
        form.submit();
      } catch (error) {
        tell(says, error.code || "failed", { word: error.word });
      }
    });
  };

  try {
    const found = await checked();
    signing(byId("sign-own"), (typed) => unwrap(shown.wrapped, typed), found);
    signing(byId("sign-offline"), (typed) => secretOf(typed), found);
    ready(byId("checked"), byId("sign-own"), byId("by-offline"));
  } catch (error) {
    ready(byId("check-failed"));
    byId("check-reason").textContent = error.reason || error.code || error.message;
  }
}
