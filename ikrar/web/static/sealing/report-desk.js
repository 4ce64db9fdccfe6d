// One report at an officer's desk: opened here with his passphrase, shown so that nothing in it can act, answered under seal.
// Secrets live in this page's memory alone and go when he leaves it, or is idle for a while.
import { digest, isRecipient, keyFromSecret, padded, recipientOf, seal, secretOf, text, unpadded, unseal, unwrap } from "./core.js";
import { byId, data, onSubmit, ready, tell, untell } from "./page.js";

const IDLE_MS = 5 * 60 * 1000;
const MOST_PIXELS = 100_000_000;
const PICTURES = ["image/jpeg", "image/png", "image/webp", "image/gif"];
const shown = data("sealed-report");
const form = byId("open-report");
const place = byId("opened");
let keys = null;

// Other scripts may offer more for a file that was opened (a working copy): they listen for this event.
const offer = (detail) => document.dispatchEvent(new CustomEvent("ikrar:file-opened", { detail }));

const bytesOf = (base64) => Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
const base64Of = (bytes) => {
  let out = "";
  for (let start = 0; start < bytes.length; start += 8192) out += String.fromCharCode(...bytes.subarray(start, start + 8192));
  return btoa(out);
};
const element = (name, words = "", more = {}) => Object.assign(document.createElement(name), { textContent: words }, more);

const lock = () => {
  keys = null;
  location.reload();
};
let idle = 0;
const stayAwake = () => {
  clearTimeout(idle);
  if (keys) idle = setTimeout(lock, IDLE_MS);
};
for (const event of ["keydown", "pointerdown", "scroll"]) document.addEventListener(event, stayAwake, { passive: true });
// A page that comes back from the browser's memory would still stand open.
window.addEventListener("pageshow", (event) => { if (event.persisted) lock(); });
window.addEventListener("pagehide", () => { keys = null; });

const partBytes = async (part) => {
  const answer = await fetch(`${place.dataset.base}bagian/${part}/`, { cache: "no-store" });
  if (!answer.ok) throw new Error(`part: ${answer.status}`);
  return new Uint8Array(await answer.arrayBuffer());
};
const opened = async (part, key) => unseal(await partBytes(part.part), key);

const draw = async (bytes, type) => {
  const clean = await import("./clean.js");
  const picture = await clean.decoded(new Blob([bytes], { type }), MOST_PIXELS);
  const scale = Math.min(1, 2000 / Math.max(picture.width, picture.height));
  const canvas = element("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  return canvas;
};

const player = (bytes, type) => {
  const url = URL.createObjectURL(new Blob([bytes], { type }));
  return element(type.startsWith("audio/") ? "audio" : "video", "", { controls: true, src: url });
};

const view = async (bytes, type) => {
  if (type.startsWith("text/plain")) return element("pre", new TextDecoder().decode(bytes));
  if (PICTURES.includes(type)) return draw(bytes, type);
  if (/^(audio|video)\/[\w.+-]+$/.test(type)) return player(bytes, type);
  return null;
};

const saver = (bytes, name) => {
  // Never under its own type: no browser shall open it by itself.
  const url = URL.createObjectURL(new Blob([bytes], { type: "application/octet-stream" }));
  return element("a", place.dataset.save, { href: url, download: name });
};

const showFile = async (file, part, line, button) => {
  button.setAttribute("aria-busy", "true");
  const says = element("p");
  try {
    const padding = await opened(part, keys.content);
    const bytes = padding.subarray(0, file.size);
    if (bytes.length !== file.size || digest(bytes) !== file.sha256) {
      says.className = "message error";
      says.textContent = place.dataset.changed;
      says.setAttribute("role", "alert");
      line.append(says);
      return;
    }
    says.textContent = place.dataset.whole;
    line.append(says);
    let shownAs = null;
    try {
      shownAs = await view(bytes, String(file.type));
    } catch {
      // What the browser cannot draw is offered for saving alone.
    }
    if (shownAs) {
      shownAs.setAttribute("aria-label", file.name);
      line.append(shownAs);
    } else {
      line.append(element("p", place.dataset.careful, { className: "message warning" }));
    }
    line.append(saver(bytes, file.name));
    offer({ file, bytes, line });
    button.remove();
  } catch {
    says.className = "message error";
    says.textContent = place.dataset.changed;
    says.setAttribute("role", "alert");
    line.append(says);
  } finally {
    button.removeAttribute("aria-busy");
  }
};

const listFiles = (files, parts) => {
  for (const file of files || []) {
    const part = parts.find((each) => each.kind === "file" && each.place === file.part);
    const line = element("li", `${file.name} `);
    byId("files").append(line);
    if (!part) continue;
    const button = element("button", place.dataset.show, { type: "button", className: "secondary" });
    button.setAttribute("aria-label", `${place.dataset.show}: ${file.name}`);
    button.addEventListener("click", () => showFile(file, part, line, button));
    line.append(button);
  }
};

const told = (label, words) => {
  const written = (Array.isArray(words) ? words : [words]).filter(Boolean);
  if (!written.length) return;
  byId("told").append(element("dt", label), ...written.map((each) => element("dd", each)));
};
const joined = (record) => Object.values(record).filter((each) => typeof each === "string" && each).join(", ");

const showContent = (content, parts) => {
  const words = place.dataset;
  for (const field of ["what", "when", "where", "known_on"]) told(words[field], content[field]);
  if (content.source) told(words.source, joined({ ...content.source, kind: shown.sources?.[content.source.kind] || content.source.kind }));
  for (const field of ["who", "witnesses", "links"]) told(words[field], (content[field] || []).map(joined));
  told(words.exclude, content.exclude?.names || []);
  listFiles(content.files, parts);
};

const showMessage = (message, part, parts) => {
  const line = element("li");
  line.append(element("strong", part.from_reporter ? place.dataset.reporter : place.dataset.officer), ` ${part.on}`);
  line.append(element("p", message.text));
  const asks = (message.asks || []).map((each) => shown.labels[each] || each);
  if (asks.length) line.append(element("p", `${place.dataset.asks}: ${asks.join("; ")}`));
  byId("dialogue").append(line);
  listFiles(message.files, parts);
};

const showAll = async (parts) => {
  for (const part of parts) {
    const key = { content: keys.content, identity: keys.identity, message: keys.dialogue }[part.kind];
    if (!key) continue;
    let document;
    try {
      document = unpadded(await opened(part, key));
    } catch {
      byId("told").append(element("dd", place.dataset.changed, { className: "message error" }));
      continue;
    }
    if (part.kind === "content") showContent(document, parts);
    if (part.kind === "identity") told(place.dataset.identity, joined(document));
    if (part.kind === "message") showMessage(document, part, parts);
  }
};

/** Seal what was written to the dialogue into the form's hidden field, and send that alone. */
const sealed = (each, area, asks) => onSubmit(each, async () => {
  if (area.value.trim()) {
    if (!isRecipient(shown.dialogue_to)) return;
    const message = { v: 1, text: area.value.trim(), asks: asks(), files: [] };
    each.elements.sealed.value = base64Of(await seal(padded(message), [shown.dialogue_to]));
  }
  each.submit();
});

if (form) {
  const says = byId("open-says");
  const typed = byId("passphrase");
  onSubmit(form, async () => {
    untell(says);
    try {
      const own = await keyFromSecret(await unwrap(shown.wrapped, typed.value));
      if (own.recipient !== shown.recipient) throw new Error("another key");
      const answer = await fetch(form.action, { method: "POST", body: new FormData(form) });
      const given = await answer.json();
      if (!answer.ok) throw new Error(given.says);
      const found = {};
      for (const each of given.envelopes) Object.assign(found, JSON.parse(text(await unseal(bytesOf(each), own.identity))));
      if ((await recipientOf(secretOf(found.content))) !== shown.content_to) throw new Error("another report");
      // Answers are sealed to the reporter's own key of the dialogue, not to one that somebody wrote into the page.
      if (found.dialogue && (await recipientOf(secretOf(found.dialogue))) !== shown.dialogue_to) throw new Error("another dialogue");
      keys = found;
      typed.value = "";
      form.hidden = true;
      await showAll(given.parts);
      place.hidden = false;
      if (keys.dialogue) for (const id of ["reply", "state"]) if (byId(id)) byId(id).hidden = false;
      place.focus();
      stayAwake();
    } catch (error) {
      tell(says, error.code || "failed", { word: error.word });
    }
  });
  byId("lock").addEventListener("click", lock);
  const reply = byId("reply");
  if (reply) sealed(reply, byId("reply-text"), () => Array.from(reply.querySelectorAll("[data-ask]:checked"), (each) => each.dataset.ask));
  const state = byId("state");
  if (state) sealed(state, byId("state-text"), () => []);
  ready(form);
}
