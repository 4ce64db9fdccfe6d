// To whom a report is handed over, and how: by a copy that this body offered, or by a letter that goes another way.
import { byId } from "./page.js";
import { element } from "./viewing.js";

const place = byId("conclude-handing");
const select = byId("conclude-copy");
const noCopy = byId("conclude-no-copy");

export class Handing {
  /** `words`: what the reporter reads, by the way; `changed()` is told when something of it is chosen or typed. */
  constructor(words, changed) {
    this.words = words;
    place.addEventListener("input", (event) => {
      if (event.target === select) this.choose("copy");
      else if (event.target.name !== "way") this.choose("letter");
      changed();
    });
  }

  get isAsked() {
    return !place.hidden;
  }

  /** Ask to whom, or ask nothing; `root`: the report that is shown, where it is the one that is concluded. */
  ask(isAsked, root) {
    place.hidden = !isAsked;
    place.disabled = !isAsked;
    if (!isAsked) return;
    const copies = Array.from(root?.querySelectorAll("#copies-part [data-copy]") || []);
    select.replaceChildren(...copies.map((each) => element("option", each.dataset.name, { value: each.dataset.copy })));
    select.hidden = !copies.length;
    place.querySelector("[value=copy]").disabled = !copies.length;
    noCopy.hidden = Boolean(copies.length) || !root;
    byId("conclude-singly").hidden = Boolean(root);
    if (root) noCopy.querySelector("a").href = root.querySelector("#copies-part [data-copies]").href;
    for (const id of ["conclude-body", "conclude-letter"]) byId(id).value = "";
    this.choose(copies.length ? "copy" : "");
  }

  choose(way) {
    for (const each of place.querySelectorAll("[name=way]")) each.checked = each.value === way;
  }

  get way() {
    return this.isAsked ? place.querySelector("[name=way]:checked")?.value || "" : "";
  }

  /** What is sent with a conclusion. */
  get values() {
    if (this.way === "copy") return { copy: select.value };
    return this.way ? { body: byId("conclude-body").value.trim(), letter: byId("conclude-letter").value.trim() } : {};
  }

  /** What the reporter reads behind the reason. */
  get told() {
    if (!this.way) return "";
    const { body = select.selectedOptions[0]?.textContent, letter } = this.values;
    return this.words[this.way].replace("%(body)s", () => body || "…").replace("%(letter)s", () => letter || "…");
  }
}
