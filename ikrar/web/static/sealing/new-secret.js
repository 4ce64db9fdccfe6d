// A new version of the secret that a body's prints are keyed with: made here and sealed to the holders, when one of them left.
import { tellSignedOut } from "./asking.js";
import { ownKey } from "./opening.js";
import { data, onSubmit, ready, tell, untell } from "./page.js";
import { secretFor } from "./prints.js";

for (const form of document.querySelectorAll("form.new-secret")) {
  const shown = data(form.dataset.shown);
  const words = form.querySelector("textarea");
  const says = form.querySelector(".error");
  const done = form.querySelector("[role=status]");
  onSubmit(form, async () => {
    untell(says);
    untell(done);
    try {
      const own = await ownKey(shown, words.value);
      words.value = "";
      if (!(await secretFor(own, { ...shown, token: form.elements.csrfmiddlewaretoken.value, anew: true }))) throw new Error("none");
      done.hidden = false;
    } catch (error) {
      if (error.code === "signed_out") tellSignedOut(says);
      else tell(says, error.code || "failed", { word: error.word });
    }
  });
  ready(form);
}
