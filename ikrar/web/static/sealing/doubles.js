// What equals an opened report: prints are computed here and sent, and the answer is shown where the officer decides.
// A page may listen for `ikrar:report-opened` and send prints of its own (who, what, when) by the function that comes with it.
import { byId } from "./page.js";
import { printsOf, secretFor, send } from "./prints.js";

const part = byId("doubles");
const element = (name, words = "", more = {}) => Object.assign(document.createElement(name), { textContent: words }, more);

const line = (match) => {
  const each = element("li");
  const label = element("label");
  const box = element("input", "", { type: "checkbox", name: "report", value: match.number, checked: !match.in_matter, disabled: match.in_matter });
  label.append(box, " ", element("code", match.short), ` · ${[match.received, match.state, ...match.words].join(" · ")}`);
  if (match.in_matter) label.append(` · ${part.dataset.said}`);
  each.append(label);
  return each;
};

const show = ({ matches, more }) => {
  byId("doubles-list").replaceChildren(...matches.map(line));
  byId("doubles-more").textContent = part.dataset.more.replace("{n}", more);
  byId("doubles-more").hidden = !more;
  part.hidden = !matches.some((each) => !each.in_matter);
};

/** Compute and send the prints of a report, and let the officer merge. */
export const findDoubles = async ({ own, content, shown, token, renew, says }) => {
  if (!part) return;
  const found = await secretFor(own, { body: shown.body, secrets: shown.secrets, token });
  let latest = null;
  const sending = async (prints) => {
    latest = await send(part.dataset.prints, prints, token);
    show(latest);
    return latest;
  };
  const act = async (address, said) => {
    const chosen = Array.from(byId("doubles-list").querySelectorAll("input:checked:not(:disabled)"), (each) => each.value);
    const body = new FormData();
    body.append("csrfmiddlewaretoken", token);
    for (const number of [part.dataset.number, ...chosen]) body.append("report", number);
    try {
      const answer = await fetch(address, { method: "POST", body, headers: { Accept: "application/json" }, cache: "no-store" });
      const told = await answer.json();
      if (!answer.ok) return says(told.says, true);
      says(said, false);
      await renew();
      await sending(printsOf(content, found));
    } catch {
      says(part.dataset.failed, true);
    }
  };
  byId("doubles-form").addEventListener("submit", (event) => {
    event.preventDefault();
    act(part.dataset.merge, part.dataset.merged);
  });
  byId("doubles-dismiss").addEventListener("click", () => act(part.dataset.dismiss, part.dataset.dismissed));
  try {
    if (found) await sending(printsOf(content, found));
  } catch {
    // No print was kept: the next opening sends them again.
  }
  document.dispatchEvent(new CustomEvent("ikrar:report-opened", { detail: { own, content, secret: found, send: sending } }));
};
