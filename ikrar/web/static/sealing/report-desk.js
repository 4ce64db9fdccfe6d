// The page of one report: opened here with the officer's passphrase. Secrets live in this page's memory alone and go when he
// leaves it, or is idle for a while.
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
      await report.open(await ownKey(report.shown, typed.value));
      typed.value = "";
      form.hidden = true;
      await report.renew();
      report.place.focus();
      stayAwake();
    } catch (error) {
      tell(says, error.code || "failed", { word: error.word });
    }
  });
  byId("lock").addEventListener("click", lock);
  ready(form);
}
