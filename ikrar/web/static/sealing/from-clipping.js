// A clipping that is taken to a sealed entry: its words are filled in here, and leave this page sealed alone. Which clipping it was
// stands after the sign # of the address, which no browser sends.
import { byId, data, ROWS } from "./page.js";

const form = byId("entry");
const named = /^#kliping=(\d{1,9})&fakta=([\d.]{0,200})&tanda=([0-9a-f]{16})$/.exec(window.location.hash);

const put = (name, value) => {
  const field = form.elements[name];
  if (!field || !value || field.value.trim()) return;
  field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
};

/** There is a row for each who seems to be meant: the form begins with two. */
const addRow = (place) => {
  const last = byId(`who-${place - 1}-name`)?.closest("fieldset");
  if (!last || byId(`who-${place}-name`)) return;
  const row = last.cloneNode(true);
  row.querySelector("legend").textContent = last.querySelector("legend").textContent.replace(/\d+$/, `${place + 1}`);
  for (const each of row.querySelectorAll("label, input")) {
    for (const name of ["for", "id", "name"]) {
      if (each.hasAttribute(name)) each.setAttribute(name, each.getAttribute(name).replace(/^who-\d+/, `who-${place}`));
    }
    if (each.matches("input")) each.value = "";
  }
  last.after(row);
};

if (form && named) {
  window.history.replaceState(null, "", window.location.pathname);
  const address = data("entry-told").clipping.replace("/0/", `/${named[1]}/`);
  const answer = await fetch(`${address}?fakta=${named[2]}&tanda=${named[3]}`, { cache: "no-store" });
  if (answer.ok) {
    const found = await answer.json();
    form.elements.source_kind.value = "finding";
    form.elements.gets_code.checked = false;
    put("what", found.what);
    put("when", found.when);
    put("where", found.where);
    put("known_on", found.known_on);
    put("link-0-address", found.address.slice(0, 300));
    put("link-0-captured", found.captured);
    found.who.slice(0, ROWS).forEach((each, place) => {
      addRow(place);
      put(`who-${place}-name`, each.name);
      put(`who-${place}-post`, each.post);
    });
    byId("id_what").focus();
  }
}
