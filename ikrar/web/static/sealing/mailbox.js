// The mailbox where scripts run: the code stays here. What finds the box is derived from it and opens nothing; what opens it is never
// sent.
import { isExcluded } from "./names.js";

const main = document.getElementById("main");
const entry = main.querySelector("form[data-sealed]");
const streams = window.TransformStream && Blob.prototype.stream;
const capable = window.isSecureContext && crypto.subtle && streams && window.SubmitEvent && "submitter" in SubmitEvent.prototype;

let core, code, box, keys, content, identity;
let chosen = null; // files of the next message
let taking = null; // those that are still being looked at

const tell = (id, text) => {
  const place = document.getElementById(id);
  place.textContent = text;
  place.hidden = !text;
  if (text) place.scrollIntoView({ block: "nearest" });
};
const bytes = (text) => Uint8Array.from(atob(text), (each) => each.charCodeAt(0));
const filledUp = (blob) => {
  let size = 1024;
  while (size < blob.size) size *= 2;
  return new Blob([blob, new Uint8Array(size - blob.size)]);
};
const element = (tag, text) => Object.assign(document.createElement(tag), { textContent: text });

/** Show the box as the server sent it, and open in it what is sealed. */
const show = async (page) => {
  const read = new DOMParser().parseFromString(page, "text/html");
  main.replaceChildren(...read.body.childNodes);
  chosen = null;
  box = JSON.parse(document.getElementById("box-sealed").textContent);
  keys = box.envelope ? core.unpadded(await core.unseal(bytes(box.envelope), core.identityText(code.secret))) : {};
  const opened = async (sealed, key) => (sealed && key ? core.unpadded(await core.unseal(bytes(sealed), key)) : {});
  content = await opened(box.content, keys.content).catch(() => ({}));
  identity = await opened(box.said_who, keys.identity).catch(() => ({}));
  box.said = []; // files of the reporter's messages
  const asked = new Map();
  for (const [number, sealed] of box.messages.entries()) {
    const place = main.querySelector(`[data-message="${number}"]`);
    const said = [...place.querySelectorAll("p")].at(-1);
    let message;
    try {
      message = core.unpadded(await core.unseal(bytes(sealed), keys.dialogue));
    } catch {
      continue; // the page says already that it cannot be opened
    }
    said.replaceChildren(...String(message.text ?? "").split("\n").flatMap((line) => [line, document.createElement("br")]).slice(0, -1));
    for (const file of message.files || []) place.append(Object.assign(element("p", String(file.name)), { className: "quiet" }));
    const mine = place.dataset.from === "reporter";
    if (mine) box.said.push(...(message.files || []).map((file) => file.name));
    for (const id of message.asks || []) {
      if (!box.requirements[id]) continue;
      if (mine) asked.delete(id);
      else asked.set(id, box.requirements[id]);
    }
  }
  for (const each of box.further) {
    // The fingerprint is that of the document to which this page seals, whatever stands in the page.
    const shown = main.querySelector(`[data-fingerprint="${each.body}"]`);
    if (shown) shown.textContent = core.fingerprintOf(core.parseSet(each.chain.at(-1).document));
  }
  document.getElementById("print-form").hidden = !content.what;
  const choices = document.getElementById("asked");
  for (const [id, { label }] of asked) {
    const line = element("label", "");
    line.append(Object.assign(document.createElement("input"), { type: "checkbox", name: "answered", value: id }), ` ${label}`);
    choices?.append(line);
  }
  if (choices) choices.hidden = !asked.size;
  const title = main.querySelector("h1");
  title.tabIndex = -1;
  title.focus();
};

const enter = async () => {
  tell("enter-told", "");
  const place = document.getElementById("enter-told");
  try {
    core ||= await import("./core.js");
  } catch {
    return tell("enter-told", place.dataset.broken);
  }
  try {
    code = await core.readReturnCode(entry.elements.code.value);
  } catch {
    return tell("enter-told", place.dataset.wrong);
  }
  const answer = await fetch(entry.dataset.sealed, { method: "POST", body: new URLSearchParams({ lookup: code.lookup }), cache: "no-store" }).catch(() => null);
  if (!answer) return tell("enter-told", place.dataset.broken);
  if (!answer.ok) return tell("enter-told", (await answer.json().catch(() => ({}))).says || place.dataset.broken);
  return show(await answer.text());
};

const look = async (files) => {
  const say = (text) => tell("box-told", text);
  try {
    const { fileList } = await import("./files.js");
    chosen ||= fileList({ words: box.words, say, refuse: say });
    return await chosen.take(files);
  } catch {
    say(box.words.unlooked.replace("{name}", files.map((each) => each.name).join("”, “")));
    return false;
  }
};
const takeFiles = (field) => {
  const files = [...field.files];
  field.value = "";
  const all = Promise.all([taking, look(files)]).then((each) => !each.includes(false));
  taking = all;
  all.then(() => { if (taking === all) taking = null; });
};

const sealedFiles = async () => {
  const out = { described: [], sealed: [] };
  for (const { blob, ...said } of chosen?.parts(box.files) || []) {
    const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", await blob.arrayBuffer()));
    out.described.push({ part: box.files + out.sealed.length, ...said, size: blob.size, sha256: core.hex(hash) });
    out.sealed.push(await new Response(await core.seal(filledUp(blob).stream(), [box.to.content])).blob());
  }
  return out;
};

/** Seal the keys of the report to one further body, without whom the reporter excluded. */
const consented = async (chosen) => {
  const offer = box.further.find((each) => each.body === chosen);
  const set = await core.checkChain(offer.chain);
  if (core.digestOf(set) !== offer.key_set || set.body !== chosen) throw new core.Refused("key_set_wrong");
  const receiving = offer.holders.filter((each) => !isExcluded(content.exclude || {}, each, box.owners));
  const to = receiving.map((each) => each.key).sort((less, more) => less - more);
  const recipients = set.holders.filter((each) => to.includes(each.key)).map((each) => each.recipient);
  if (!recipients.length || recipients.length !== to.length) return null;
  const envelope = await core.seal(core.padded(keys), [...recipients, set.offline.recipient]);
  return { head: { body: chosen, key_set: offer.key_set, to }, envelope };
};

/** Write the official form from what this browser opened, and print it; nothing of it is sent. */
const printForm = () => {
  const paper = document.getElementById("form-paper");
  const { title, identity: fields, days, notes } = box.form;
  const rows = (pairs) => {
    const list = element("dl", "");
    for (const [name, value] of pairs) list.append(element("dt", name), element("dd", `${value ?? ""}`.trim() || "–"));
    return list;
  };
  const part = (name, ...inside) => [element("h2", name), ...inside];
  const who = content.who?.length ? content.who : [{}];
  const evidence = [...(content.files || []).map((file) => file.name), ...box.said].map((name, place) => [`Berkas ${place + 1}`, name]);
  evidence.push(...(content.links || []).map((link) => ["Tautan", `${link.address ?? ""} ${link.captured ?? ""}`]));
  const told = element("p", content.what ?? "");
  told.style.whiteSpace = "pre-line";
  paper.replaceChildren(
    element("h1", title),
    ...part("Pelapor", rows(fields.map(([name, label]) => [label, identity[name]]))),
    ...part("Terlapor", ...who.map((each) => rows([["Nama", each.name], ["Jabatan", each.post], ["Unit atau alamat", each.unit]]))),
    ...part("Peristiwa", rows([["Tempat kejadian", content.where], ["Waktu kejadian", content.when], ...days])),
    ...part("Saksi", rows((content.witnesses || []).map((each) => [each.name, each.contact]))),
    ...part("Bukti", rows(evidence)),
    ...part("Uraian kejadian", told),
    ...notes.map((note) => element("p", note)),
    rows([["Tanggal", ""], ["Tanda tangan", ""]]),
  );
  paper.hidden = false;
  document.body.classList.add("paper-alone");
  window.print();
  document.body.classList.remove("paper-alone");
  paper.hidden = true;
};

const act = async (form, what) => {
  const told = document.getElementById("box-told").dataset;
  const data = new FormData(form);
  const body = new FormData();
  const head = { lookup: code.lookup, act: what, answered: data.getAll("answered") };
  tell("box-told", told.sealing);
  let files = [];
  if (what === "name") {
    const identity = Object.fromEntries(box.identity.map((name) => [name, `${data.get(name) ?? ""}`.trim().slice(0, 300)]));
    if (!identity.name || !identity.address || !data.get("agreed")) return tell("box-told", told.name);
    body.append("identity", new Blob([await core.seal(core.padded({ v: 1, ...identity }), [box.to.identity])]), "identity");
  } else if (what === "consent") {
    const chosen = Number(`${data.get("body") ?? ""}`.split(":")[0]);
    if (!chosen || !data.get("agreed")) return tell("box-told", told.body);
    let sealed;
    try {
      sealed = await consented(chosen);
    } catch {
      return tell("box-told", box.keys);
    }
    if (!sealed) return tell("box-told", box.nobody);
    Object.assign(head, sealed.head);
    body.append("envelope", new Blob([sealed.envelope]), "envelope");
  } else if (what === "withdraw") {
    if (!data.get("sure")) return tell("box-told", told.sure);
  } else {
    // A file that is still being looked at goes along; where one is refused, its reporter reads that first.
    while (taking) if (!(await taking)) return;
    const text = `${data.get("text") ?? ""}`.replace(/\r\n/g, "\n").trim().slice(0, 20_000);
    if (!text && !chosen?.count()) return tell("box-told", told.empty);
    const { described, sealed } = await sealedFiles();
    files = sealed;
    // Sent again after a break it is the same turn, although it is sealed anew; the same words later are another.
    const turn = [text, head.answered, described.map((file) => [file.name, file.sha256]), box.messages.length];
    head.turn = core.keyedHash(code.secret, core.utf8(JSON.stringify(turn)));
    body.append("message", new Blob([await core.seal(core.padded({ v: 1, text, asks: head.answered, files: described }), [box.to.dialogue])]), "message");
  }
  body.append("form", JSON.stringify(head));
  for (const file of files) body.append("file", file, "file");
  const answer = await fetch(box.send, { method: "POST", body, cache: "no-store" }).catch(() => null);
  if (!answer) return tell("box-told", told.broken);
  if (!answer.ok) return tell("box-told", (await answer.json().catch(() => ({}))).says || told.broken);
  return show(await answer.text());
};

main.addEventListener("click", (event) => event.target.id === "print-form" && printForm());
main.addEventListener("change", (event) => box && event.target.id === "files" && takeFiles(event.target));
if (capable && entry)
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!main.contains(form) || form.querySelector("[name=language], [name=receipt]")) return;
    event.preventDefault();
    const button = event.submitter;
    if (button?.getAttribute("aria-busy") === "true") return;
    button?.setAttribute("aria-busy", "true");
    try {
      await (form === entry ? enter() : act(form, button?.value || "reply"));
    } finally {
      button?.removeAttribute("aria-busy");
    }
  });
