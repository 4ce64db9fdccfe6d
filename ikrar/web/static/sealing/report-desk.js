// The page of one report: opened here with the officer's passphrase. Secrets live in this page's memory alone and go when he
// leaves it, or is idle for a while.
import { tellSignedOut } from "./asking.js";
import { Doubles } from "./doubles.js";
import { watch } from "./idle.js";
import { OpenedReport } from "./opened-report.js";
import { ownKey } from "./opening.js";
import { byId, onSubmit, ready, tell, untell } from "./page.js";

const form = byId("open-report");

if (form) {
  const report = new OpenedReport(byId("main"), { token: form.elements.csrfmiddlewaretoken.value });
  const lock = () => {
    report.forget();
    location.reload();
  };
  const stayAwake = watch({ says: byId("idle-says"), isOpen: () => report.keys, lock });
  window.addEventListener("pagehide", () => report.forget());
  const says = byId("open-says");
  const typed = byId("passphrase");
  onSubmit(form, async () => {
    untell(says);
    try {
      const own = await ownKey(report.shown, typed.value);
      await report.open(own);
      typed.value = "";
      form.hidden = true;
      await report.renew();
      report.place.focus();
      stayAwake();
      // Doubles are looked for when the report stands there; it is read without them as well.
      new Doubles(report, own).find().catch(() => report.saysSignedOut());
    } catch (error) {
      if (error.code === "signed_out") tellSignedOut(says);
      else tell(says, error.code || "failed", { word: error.word });
    }
  });
  byId("lock").addEventListener("click", lock);
  ready(form);
}
