// Files that a reporter chose: what each tells is shown before anything is sealed, and he decides what of it is sent.
const MOST_BYTES = 50_000_000;
const MOST_FILES = 20;
const DRAWN = ["jpeg", "png", "webp", "heic"];

const filled = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
const element = (tag, text = "", attributes = {}) => {
  const made = document.createElement(tag);
  made.textContent = text;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
};
const said = (name, each) => (each.value ? `${name}: ${each.value}` : name);
const typeOf = (blob) => blob.type || "application/octet-stream";

/**
 * Return a list of files in a page that has #chosen and #files. `words`: see views/scripted.py; `say` shows what is being done, `refuse`
 * what is wrong; `changed` is called where what would be sealed is another now.
 */
export const fileList = ({ words, say, refuse, changed = () => {} }) => {
  const chosen = [];
  let running = Promise.resolve();
  const isOpen = () => Boolean(document.querySelector("#chosen canvas")); // the tool that blackens

  const card = (each) => {
    const place = element("div", "", { class: "card" });
    place.append(element("p"));
    place.firstChild.append(element("strong", each.file.name));
    if (each.told.length) {
      place.append(element("p", words.reveals));
      const ul = element("ul");
      ul.append(...each.told.map((one) => element("li", said(words.told[one.kind] || one.kind, one))));
      place.append(ul);
    } else place.append(element("p", words.reveals_nothing, { class: "quiet" }));
    if (each.copy) place.append(element("p", words.copy, { class: "quiet" }));
    else if (each.reason) place.append(element("p", words.no_copy[each.reason] || words.no_copy.broken, { class: "quiet" }));
    if (each.copy || each.blurred) {
      const label = element("label");
      const box = element("input", "", { type: "checkbox" });
      box.checked = each.original;
      box.addEventListener("change", () => { each.original = box.checked; changed(); });
      label.append(box, ` ${words.keep}`);
      place.append(label);
    }
    if (DRAWN.includes(each.kind) && each.reason !== "pixels" && each.reason !== "undecodable") {
      const button = element("button", words.blur, { type: "button", class: "secondary outline" });
      button.addEventListener("click", async () => {
        if (isOpen()) return;
        button.disabled = true;
        try {
          const { blurred } = await import("./blur.js");
          const made = await blurred(each.blurred || each.copy || each.file, place);
          // Whoever blackens something does not want it read in the original.
          if (made) Object.assign(each, { blurred: made, original: false });
          if (made) changed();
        } catch {
          refuse(filled(words.unblurred, { name: each.file.name }));
        }
        show();
      });
      place.append(button, " ");
    }
    const away = element("button", words.remove, { type: "button", class: "link" });
    away.addEventListener("click", () => {
      chosen.splice(chosen.indexOf(each), 1);
      changed();
      place.remove();
      document.getElementById("files")?.focus();
    });
    place.append(away);
    return place;
  };
  const show = () => {
    // The tool that blackens stands in a card, and is shown until it is closed.
    if (isOpen()) return;
    document.getElementById("chosen")?.replaceChildren(...chosen.map(card));
  };

  /** Look at files and take them; says whether all were taken. */
  const take = (files) => (running = running.catch(() => {}).then(() => taken(files)));
  const taken = async (files) => {
    const { cleaned } = await import("./clean.js");
    const refused = [];
    for (const file of files) {
      const refusal = file.size > MOST_BYTES ? words.too_big : file.size ? "" : words.empty;
      if (refusal) { refused.push(filled(refusal, { name: file.name })); continue; }
      if (chosen.reduce((sum, each) => sum + 1 + (each.copy ? 1 : 0), 0) + 2 > MOST_FILES) { refused.push(words.files); break; }
      say(filled(words.looking, { name: file.name }));
      const found = await cleaned(file).catch(() => null);
      say("");
      if (!found) { refused.push(filled(words.unlooked, { name: file.name })); continue; }
      if (found.kind === "unknown") { refused.push(filled(words.kind, { name: file.name })); continue; }
      // What reveals nothing needs no copy.
      if (!found.told.length && found.kind !== "jpeg") found.copy = null;
      chosen.push({ file, ...found, original: true, blurred: null });
    }
    changed();
    show();
    if (refused.length) refuse(refused.join(" "));
    return !refused.length;
  };

  /** Return what is sealed, in the order of its parts: each original, then what was made of it. `first`: the place of the first one. */
  const parts = (first = 0) => {
    const out = [];
    for (const each of chosen) {
      const told = each.told.map((one) => said(one.kind, one));
      const copy = each.blurred || each.copy;
      const left_out = each.blurred ? ["blackened"] : [];
      let original = null;
      if (each.original || !copy) {
        original = first + out.length;
        out.push({ blob: each.file, name: each.file.name, type: typeOf(each.file), told, left_out: [], working_of: null });
      }
      // Where the original is left out, its name and what it told are left out with it.
      if (copy && original === null)
        out.push({
          blob: copy, name: `salinan-${first + out.length + 1}`, type: typeOf(copy), told: [], working_of: null,
          left_out: [...new Set(["original", ...each.told.map((one) => one.kind), ...left_out])],
        });
      else if (copy) out.push({ blob: copy, name: each.file.name, type: typeOf(copy), told: [], left_out, working_of: original });
    }
    return out;
  };

  const reveals = () => chosen.some((each) => each.told.length > 0);
  return { take, show, parts, reveals, count: () => chosen.length, isOpen };
};
