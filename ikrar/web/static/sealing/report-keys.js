// An officer's key: made here, shown as seven words, wrapped here; and the trial of the words. Nothing secret is sent.
import { Refused, keyFromSecret, newKey, newPassphrase, proofMessage, readPassphrase, sign, unwrap, verifierOf, wrap } from "./core.js";
import { breath, byId, data, onSubmit, ready, tell, untell } from "./page.js";

const making = byId("make-key");
if (making) {
  const says = byId("again-says");
  const again = byId("again");
  let key = null;
  let passphrase = "";

  const show = (step) => {
    for (const each of making.querySelectorAll("[data-step]")) each.hidden = each.dataset.step !== step;
    const first = step === "again" ? again : making.querySelector(`[data-step="${step}"] [tabindex]`);
    if (first) first.focus();
  };
  const draw = async () => {
    key = await newKey();
    passphrase = await newPassphrase();
    byId("passphrase-words").replaceChildren(
      ...passphrase.split(" ").map((word) => Object.assign(document.createElement("li"), { textContent: word })),
    );
  };
  const steps = {
    words: async () => {
      if (!key) await draw();
      show("words");
    },
    anew: draw,
    again: async () => {
      again.value = "";
      untell(says);
      show("again");
    },
  };
  making.addEventListener("click", async (event) => {
    const step = steps[event.target.closest("button[data-go]")?.dataset.go];
    if (!step) return;
    try {
      await step();
    } catch {
      show("again");
      tell(says, "failed");
    }
  });

  const right = async () => {
    let typed;
    try {
      typed = await readPassphrase(again.value);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      tell(says, error.code === "passphrase_wrong" ? "count" : "unknown", { n: error.count, word: error.word });
      return false;
    }
    const other = typed.split(" ").findIndex((word, place) => word !== passphrase.split(" ")[place]);
    if (other >= 0) tell(says, "other", { n: other + 1 });
    return other < 0;
  };
  onSubmit(making, async () => {
    untell(says);
    try {
      if (!key || !(await right())) return;
      show("saving");
      await breath();
      const { body, user } = making.dataset;
      making.elements.recipient.value = key.recipient;
      making.elements.verifier.value = await verifierOf(key.secret);
      making.elements.proof.value = await sign(key.secret, proofMessage(body, user, key.recipient));
      making.elements.wrapped.value = await wrap(key.secret, passphrase);
      again.value = "";
      making.submit();
    } catch {
      show("again");
      tell(says, "failed");
    }
  });
  ready(making);
}

const trying = byId("try-key");
if (trying) {
  const { wrapped, recipient } = data("own-key");
  const typed = byId("passphrase");
  const says = byId("try-says");
  const opened = byId("try-opened");
  onSubmit(trying, async () => {
    untell(says);
    opened.hidden = true;
    try {
      const key = await keyFromSecret(await unwrap(wrapped, typed.value));
      if (key.recipient !== recipient) throw new Error("another key");
      typed.value = "";
      opened.hidden = false;
      opened.focus();
    } catch (error) {
      tell(says, error.code || "failed", { word: error.word });
    }
  });
  ready(trying);
}
