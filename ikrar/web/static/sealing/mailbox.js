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
let sending = false;
let saving = false; // a receipt is saved: the page stays

/** Say something at the top of the page; what stands there stays in sight. `false`: it only tells how far the work is. */
const tell = (text, isError = true) => {
  const place = document.getElementById(box ? "box-told" : "enter-told");
  if (place.textContent !== text) place.textContent = text;
  place.classList.toggle("error", isError);
  place.hidden = !text;
};
const words = () => document.getElementById(box ? "box-told" : "enter-told").dataset;
const filled = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
const bytes = (text) => Uint8Array.from(atob(text), (each) => each.charCodeAt(0));
const filledUp = (blob) => {
  let size = 1024;
  while (size < blob.size) size *= 2;
  return new Blob([blob, new Uint8Array(size - blob.size)]);
};
const element = (tag, text) => Object.assign(document.createElement(tag), { textContent: text });

/** What is typed and was not sent: pairs of a name and a value. `sent`: the act that has just taken its part of it. */
const unsent = (sent) =>
  [...main.querySelectorAll("form [name]")]
    .filter(({ name }) => (["text", "answered"].includes(name) ? sent !== "reply" : sent !== "name" && box?.identity.includes(name)))
    .filter((each) => (each.type === "checkbox" ? each.checked : each.value.trim()))
    .map(({ name, value }) => [name, value]);

/** Put what was typed back where it was; what has no place any more is shown, to be copied. */
const putBack = (pairs) => {
  const homeless = [];
  for (const [name, value] of pairs) {
    const place = main.querySelector(name === "answered" ? `[name=answered][value="${CSS.escape(value)}"]` : `form [name="${name}"]`);
    if (!place) homeless.push(...(name === "answered" ? [] : [value]));
    else if (place.type === "checkbox") place.checked = true;
    else place.value = value;
    for (let inside = place?.closest("details"); inside; inside = inside.parentElement.closest("details")) inside.open = true;
  }
  const copied = document.getElementById("homeless");
  if (homeless.length) copied.append(...homeless.map((value) => element("pre", value)));
  copied.hidden = !homeless.length;
  if (document.getElementById("chosen")) chosen?.show();
  else chosen = null;
};

/** Show the box as the server sent it, and open in it what is sealed. `sent`: the act that this answers. */
const show = async (page, sent = "") => {
  const read = new DOMParser().parseFromString(page, "text/html");
  const typed = unsent(sent);
  if (sent === "reply") chosen = null;
  main.replaceChildren(...read.body.childNodes);
  box = JSON.parse(document.getElementById("box-sealed").textContent);
  try {
    keys = box.envelope ? core.unpadded(await core.unseal(bytes(box.envelope), core.identityText(code.secret))) : {};
  } catch {
    keys = {};
    tell(words().changed);
  }
  // Nothing opened, or no rule in it, is not the same as nobody excluded: see `consented`.
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
    const asks = mine ? [] : (message.asks || []).filter((id) => box.requirements[id]);
    if (asks.length) {
      const list = element("ul", "");
      for (const id of asks) {
        const { label, reporter } = box.requirements[id];
        const item = element("li", `${label}. `);
        item.append(element("small", reporter));
        list.append(item);
      }
      place.append(list);
    }
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
  main.querySelector("[data-witness]")?.toggleAttribute("hidden", !content.what || (content.witnesses || []).length > 0);
  const choices = document.getElementById("asked");
  for (const [id, { label }] of asked) {
    const line = element("label", "");
    line.append(Object.assign(document.createElement("input"), { type: "checkbox", name: "answered", value: id }), ` ${label}`);
    choices?.append(line);
  }
  if (choices) choices.hidden = !asked.size;
  putBack(typed);
  const title = main.querySelector("h1");
  title.tabIndex = -1;
  title.focus();
};

/** The box as it stands at the server now; null where it does not come. */
const fetched = () =>
  fetch(entry.dataset.sealed, { method: "POST", body: new URLSearchParams({ lookup: code.lookup }), cache: "no-store" }).catch(() => null);

const enter = async () => {
  tell("");
  try {
    core ||= await import("./core.js");
  } catch {
    return tell(words().broken);
  }
  try {
    code = await core.readReturnCode(entry.elements.code.value);
  } catch (error) {
    if (!(error instanceof core.Refused)) throw error;
    return tell(filled(words()[error.meant ? "meant" : error.word ? "unknown" : "wrong"], error));
  }
  const answer = await fetched();
  if (!answer) return tell(words().broken);
  if (!answer.ok) return tell((await answer.json().catch(() => ({}))).says || words().broken);
  return show(await answer.text());
};

const look = async (files) => {
  try {
    const { fileList } = await import("./files.js");
    chosen ||= fileList({ words: box.words, say: (text) => tell(text, false), refuse: tell });
    return await chosen.take(files);
  } catch {
    tell(box.words.unlooked.replace("{name}", files.map((each) => each.name).join("”, “")));
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

/** The recipient that belongs to one of the report's own keys: what a page says beside it is not believed. */
const to = async (kind) => core.recipientOf(core.secretOf(keys[kind] || ""));

const sealedFiles = async () => {
  const out = { described: [], sealed: [] };
  for (const { blob, ...said } of chosen?.parts(box.files) || []) {
    const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", await blob.arrayBuffer()));
    out.described.push({ part: box.files + out.sealed.length, ...said, size: blob.size, sha256: core.hex(hash) });
    out.sealed.push(await new Response(await core.seal(filledUp(blob).stream(), [await to("content")])).blob());
  }
  return out;
};

/** Seal the keys of the report to one further body, without whom the reporter excluded. A rule that cannot be read stops it. */
const consented = async (chosen) => {
  const rule = content.exclude;
  if (!Array.isArray(rule?.keys) || !Array.isArray(rule.names)) throw new core.Refused("rule_unread");
  const offer = box.further.find((each) => each.body === chosen);
  const set = await core.checkChain(offer.chain);
  if (core.digestOf(set) !== offer.key_set || set.body !== chosen) throw new core.Refused("key_set_wrong");
  const receiving = offer.holders.filter((each) => !isExcluded(rule, each, box.owners));
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
  // Some browsers come back from print() before anything is printed.
  window.addEventListener("afterprint", () => {
    document.body.classList.remove("paper-alone");
    paper.hidden = true;
  }, { once: true });
  window.print();
};

/** Send a body and tell how far it is, in tens; null where no answer came. */
const posted = (body) =>
  new Promise((go) => {
    const request = new XMLHttpRequest();
    const isLarge = [...body.values()].some((part) => part.size > 1_000_000);
    request.open("POST", box.send);
    request.upload.onprogress = ({ loaded, total }) => {
      if (isLarge) tell(filled(box.words.sending, { percent: 10 * Math.floor((10 * loaded) / total) }), false);
    };
    request.onload = () => go(request);
    request.onerror = request.onabort = request.ontimeout = () => go(null);
    request.send(body);
  });

const refusalIn = (answer) => {
  try {
    return JSON.parse(answer.responseText);
  } catch {
    return {};
  }
};

const act = async (form, what) => {
  const told = words();
  const data = new FormData(form);
  const parts = new FormData();
  const head = { lookup: code.lookup, act: what, answered: data.getAll("answered") };
  let files = [];
  if (what === "name") {
    const said = Object.fromEntries(box.identity.map((name) => [name, `${data.get(name) ?? ""}`.trim().slice(0, 300)]));
    if (!said.name || !said.address || !data.get("agreed")) return tell(told.name);
    tell(told.sealing, false);
    parts.append("identity", new Blob([await core.seal(core.padded({ v: 1, ...said }), [await to("identity")])]), "identity");
  } else if (what === "consent") {
    const further = Number(`${data.get("body") ?? ""}`.split(":")[0]);
    if (!further || !data.get("agreed")) return tell(told.body);
    tell(told.sealing, false);
    let sealed;
    try {
      sealed = await consented(further);
    } catch (error) {
      return tell(error.code === "rule_unread" ? box.unread : box.keys);
    }
    if (!sealed) return tell(box.nobody);
    Object.assign(head, sealed.head);
    parts.append("envelope", new Blob([sealed.envelope]), "envelope");
  } else if (what === "withdraw") {
    if (!data.get("sure")) return tell(told.sure);
  } else {
    // A file that is still being looked at goes along, unless its reporter has something to read first.
    const early = taking;
    while (taking) if (!(await taking)) return;
    if (early && chosen.reveals()) return tell(box.words.examined);
    const text = `${data.get("text") ?? ""}`.replace(/\r\n/g, "\n").trim().slice(0, 20_000);
    if (!text && !chosen?.count()) return tell(told.empty);
    tell(told.sealing, false);
    const { described, sealed } = await sealedFiles();
    files = sealed;
    head.first = box.files;
    // Sent again after a break it is the same turn, although it is sealed anew; the same words later are another.
    const turn = [text, head.answered, described.map((file) => [file.name, file.sha256]), box.messages.length];
    head.turn = core.keyedHash(code.secret, core.utf8(JSON.stringify(turn)));
    parts.append("message", new Blob([await core.seal(core.padded({ v: 1, text, asks: head.answered, files: described }), [await to("dialogue")])]), "message");
  }
  const body = new FormData();
  body.append("form", JSON.stringify(head)); // first: what follows is not taken before it was read
  for (const [name, part] of parts) body.append(name, part, name);
  for (const file of files) body.append("file", file, "file");
  const answer = await posted(body);
  if (answer?.status === 200) return show(answer.responseText, what);
  const { reason, says } = answer ? refusalIn(answer) : {};
  if (reason === "moved") {
    // Another page of the same reporter sent something meanwhile: what these files are called is counted anew.
    const fresh = await fetched();
    if (fresh?.ok) await show(await fresh.text());
  }
  return tell(says || told.broken);
};

main.addEventListener("click", (event) => event.target.id === "print-form" && printForm());
main.addEventListener("change", (event) => box && event.target.id === "files" && takeFiles(event.target));
window.addEventListener("beforeunload", (event) => {
  // Quick exit hides the page first: nothing may hold it up.
  if (box && !saving && !document.body.hidden && (sending || chosen?.count() || unsent("").length)) event.preventDefault();
});
if (capable && entry)
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!main.contains(form)) return;
    if (form.querySelector("[name=language], [name=receipt]")) {
      saving = true;
      setTimeout(() => { saving = false; }, 1000);
      return;
    }
    event.preventDefault();
    if (sending) return;
    const button = event.submitter;
    sending = true;
    button?.setAttribute("aria-busy", "true");
    try {
      await (form === entry ? enter() : act(form, button?.value || "reply"));
    } catch {
      tell(words().failed);
    } finally {
      sending = false;
      button?.removeAttribute("aria-busy");
    }
  });
