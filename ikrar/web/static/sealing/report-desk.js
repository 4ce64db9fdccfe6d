// One report at an officer's desk: opened here with his passphrase, shown so that nothing in it can act, answered under seal.
// Secrets live in this page's memory alone and go when he leaves it, or is idle for a while.
import { digest, isRecipient, keyFromSecret, padded, recipientOf, seal, secretOf, text, unpadded, unseal, unwrap } from "./core.js";
import { findDoubles } from "./doubles.js";
import { byId, data, onSubmit, ready, tell, untell } from "./page.js";

const IDLE_MS = 5 * 60 * 1000;
const WARNED_MS = IDLE_MS - 60 * 1000;
const MOST_PIXELS = 100_000_000;
const PICTURES = ["image/jpeg", "image/png", "image/webp", "image/gif"];
const shown = data("sealed-report");
const form = byId("open-report");
const place = byId("opened");
let keys = null;
let content = null;

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
  content = null;
  location.reload();
};
let [warned, idle] = [0, 0];
const isPlaying = () => Array.from(document.querySelectorAll("audio, video")).some((each) => !each.paused && !each.ended);
const stayAwake = () => {
  clearTimeout(warned);
  clearTimeout(idle);
  byId("idle-says").hidden = true;
  if (!keys) return;
  // Who listens to a recording is there, although he touches nothing.
  warned = setTimeout(() => (isPlaying() ? stayAwake() : tell(byId("idle-says"), "soon")), WARNED_MS);
  idle = setTimeout(() => (isPlaying() ? stayAwake() : lock()), IDLE_MS);
};
for (const event of ["keydown", "pointerdown", "scroll"]) document.addEventListener(event, stayAwake, { passive: true });
// These do not rise to the document: they are caught on their way down.
for (const event of ["play", "pause", "ended"]) document.addEventListener(event, stayAwake, true);
// A page that comes back from the browser's memory would still stand open.
window.addEventListener("pageshow", (event) => { if (event.persisted) lock(); });
window.addEventListener("pagehide", () => { keys = null; content = null; });

/** The sealed bytes of a part. Evidence is asked for by POST: the server keeps who opened it. */
const partBytes = async (part) => {
  const asked = { cache: "no-store" };
  if (part.kind === "file") {
    asked.method = "POST";
    asked.body = new FormData();
    asked.body.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  }
  const answer = await fetch(`${place.dataset.base}bagian/${part.part}/`, asked);
  if (!answer.ok) throw new Error(`part: ${answer.status}`);
  return new Uint8Array(await answer.arrayBuffer());
};
const opened = async (part, key) => unseal(await partBytes(part), key);

const draw = async (bytes, type) => {
  const clean = await import("./clean.js");
  const picture = await clean.decoded(new Blob([bytes], { type }), MOST_PIXELS);
  const scale = Math.min(1, 2000 / Math.max(picture.width, picture.height));
  const canvas = element("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  canvas.setAttribute("role", "img");
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  return canvas;
};

const player = (bytes, type) => {
  const url = URL.createObjectURL(new Blob([bytes], { type }));
  return element(type.startsWith("audio/") ? "audio" : "video", "", { controls: true, src: url });
};

const decoded = (bytes) => {
  const isUtf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  return new TextDecoder(isUtf16 ? (bytes[0] === 0xff ? "utf-16le" : "utf-16be") : "utf-8").decode(bytes);
};

const view = async (bytes, type) => {
  if (type.startsWith("text/plain")) return element("pre", decoded(bytes), { tabIndex: 0, role: "region", className: "shown" });
  if (PICTURES.includes(type)) return draw(bytes, type);
  if (/^(audio|video)\/[\w.+-]+$/.test(type)) return player(bytes, type);
  return null;
};

const saver = (bytes, name) => {
  // Never under its own type: no browser shall open it by itself.
  const url = URL.createObjectURL(new Blob([bytes], { type: "application/octet-stream" }));
  return element("a", place.dataset.save, { href: url, download: name });
};

const tellIn = (line, words, isError) => {
  const says = element("p", words, { className: isError ? "message error" : "quiet" });
  if (isError) says.setAttribute("role", "alert");
  line.append(says);
};

const showFile = async (file, part, line, button) => {
  button.setAttribute("aria-busy", "true");
  try {
    let sealed;
    try {
      sealed = await partBytes(part);
    } catch {
      return tellIn(line, place.dataset.unsent, true);
    }
    let bytes;
    try {
      const padding = await unseal(sealed, keys.content);
      bytes = padding.subarray(0, file.size);
      if (bytes.length !== file.size || digest(bytes) !== file.sha256) throw new Error("changed");
    } catch {
      return tellIn(line, place.dataset.changed, true);
    }
    tellIn(line, place.dataset.whole);
    const type = String(file.type);
    const shownAs = await view(bytes, type).catch(() => null);
    if (shownAs) {
      shownAs.setAttribute("aria-label", file.name);
      line.append(shownAs);
    } else {
      // What the browser cannot draw is offered for saving alone.
      line.append(element("p", place.dataset.careful, { className: "message warning" }));
    }
    line.append(element("p"));
    line.lastChild.append(saver(bytes, file.name));
    offer({ file, bytes, line });
    button.remove();
    await renew();
  } finally {
    button.removeAttribute("aria-busy");
  }
};

const revealed = (each) => {
  const [kind, ...value] = String(each).split(": ");
  return [shown.reveals[kind] || kind, ...value].join(": ");
};

const listFiles = (files, parts, all = files) => {
  for (const file of files || []) {
    const part = parts.find((each) => each.kind === "file" && each.place === file.part);
    const line = element("li", String(file.name));
    const of = (all || []).find((each) => each.part === file.working_of);
    const about = [file.type, `${new Intl.NumberFormat(document.documentElement.lang).format(Math.ceil(file.size / 1000))} KB`];
    if (of) about.push(`${place.dataset.working}: ${of.name}`);
    line.append(element("br"), element("small", about.join(" · ")));
    for (const [says, each] of [[place.dataset.told, file.told], [place.dataset.left_out, file.left_out]])
      if (each?.length) line.append(element("br"), element("small", `${says}: ${each.map(revealed).join("; ")}`));
    byId("files").append(line);
    if (!part) continue;
    const button = element("button", place.dataset.show, { type: "button", className: "secondary" });
    button.setAttribute("aria-label", `${place.dataset.show}: ${file.name}`);
    button.addEventListener("click", () => showFile(file, part, line, button));
    line.append(element("br"), button);
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
  for (const field of ["what", "when", "where", "known_on"]) told(words[field], field === "known_on" && content[field] ? dayOf(content[field]) : content[field]);
  if (content.source) told(words.source, joined({ ...content.source, kind: shown.sources?.[content.source.kind] || content.source.kind }));
  for (const field of ["who", "witnesses", "links"]) told(words[field], (content[field] || []).map(joined));
  // A tick names a key, and by it the person who has it; whom this page does not know it shows as a number.
  const ticked = (content.exclude?.keys || []).map((key) => shown.owners[key] || `#${key}`);
  told(words.exclude, [...new Set([...ticked, ...(content.exclude?.names || [])])]);
  listFiles(content.files, parts);
};

/** A day in words; what is none (a reporter's browser may have written anything) as it stands. */
const dayOf = (iso) => {
  const day = new Date(`${iso}T00:00:00Z`);
  return Number.isNaN(day.getTime()) ? String(iso) : new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "long", timeZone: "UTC" }).format(day);
};

const showMessage = (message, part, parts) => {
  const line = element("li");
  line.append(element("strong", part.from_reporter ? place.dataset.reporter : place.dataset.officer), ` · ${dayOf(part.on)}`);
  line.append(element("p", String(message.text ?? ""), { className: "words-said" }));
  const asks = (message.asks || []).map((each) => shown.labels[each] || each);
  if (asks.length) line.append(element("p", `${part.from_reporter ? place.dataset.answers : place.dataset.asks}: ${asks.join("; ")}`));
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
    if (part.kind === "content") {
      content = document;
      showContent(document, parts);
    }
    if (part.kind === "identity") told(place.dataset.identity, joined(document));
    if (part.kind === "message") showMessage(document, part, parts);
  }
};

// --- acts --------------------------------------------------------------------------------------------------------

const live = () => Array.from(document.querySelectorAll("[data-live]"));
const isChanged = (part) =>
  Array.from(part.querySelectorAll("textarea, select, input[type=checkbox]")).some((each) =>
    each.type === "checkbox" ? each.checked !== each.defaultChecked : each.value !== (each.defaultValue ?? ""),
  );

const reveal = () => {
  for (const id of ["reply", "state"]) if (byId(id)) byId(id).hidden = !keys?.dialogue;
};

/** Put the parts in anew that the server knows better by now; what he is writing elsewhere on the page stays. */
const renewFrom = (page, done = null) => {
  for (const old of live()) {
    const fresh = page.getElementById(old.id);
    if (fresh && (old === done || !isChanged(old))) old.replaceWith(document.adoptNode(fresh));
  }
  reveal();
};
const renew = async () => {
  const answer = await fetch(place.dataset.base, { cache: "no-store" }).catch(() => null);
  if (answer?.ok) renewFrom(new DOMParser().parseFromString(await answer.text(), "text/html"));
};

const actSays = (words, isError) => {
  const says = byId("act-says");
  says.textContent = words;
  says.className = `message ${isError ? "error" : "success"}`;
  says.hidden = false;
  says.scrollIntoView({ block: "nearest" });
};

/** Seal what was written to the dialogue into the form's hidden field; nothing else of it is sent. */
const sealInto = async (each, area, asks) => {
  const words = area.value.trim();
  if (!words) return null;
  if (!isRecipient(shown.dialogue_to)) throw new Error("no dialogue");
  const message = { v: 1, text: words, asks, files: [] };
  each.elements.sealed.value = base64Of(await seal(padded(message), [shown.dialogue_to]));
  return message;
};

const act = async (each) => {
  let message = null;
  // A request that names nothing would start a term for nobody knows what.
  if (each.id === "reply" && each.elements.asks?.checked && !each.querySelector("[data-ask]:checked"))
    return actSays(byId("act-says").dataset.unasked, true);
  if (each.id === "reply")
    message = await sealInto(each, byId("reply-text"), Array.from(each.querySelectorAll("[data-ask]:checked"), (one) => one.dataset.ask));
  if (each.id === "state") message = await sealInto(each, byId("state-text"), []);
  const answer = await fetch(each.action, { method: "POST", body: new FormData(each), cache: "no-store" });
  if (!answer.ok && answer.status !== 422) throw new Error(`${answer.status}`);
  if (answer.redirected && new URL(answer.url).pathname.startsWith(shown.entrance)) return actSays(byId("act-says").dataset.signedOut, true);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (!page.getElementById("facts")) throw new Error("another page");
  const says = page.querySelector(answer.ok ? "main > .message[role=status]" : "main > .message.error");
  actSays(says ? says.textContent.trim() : "", !answer.ok);
  if (!answer.ok) return renewFrom(page);
  if (message) showMessage(message, { from_reporter: false, on: place.dataset.today }, []);
  return renewFrom(page, each.closest("[data-live]"));
};

document.addEventListener("submit", async (event) => {
  const each = event.target;
  if (!keys || !each.closest("[data-live]")) return;
  event.preventDefault();
  const button = each.querySelector("button[type=submit]");
  if (button.getAttribute("aria-busy") === "true") return;
  button.setAttribute("aria-busy", "true");
  try {
    await act(each);
  } catch {
    actSays(byId("act-says").dataset.failed, true);
  } finally {
    button.removeAttribute("aria-busy");
  }
});

// --- opening -----------------------------------------------------------------------------------------------------

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
      await renew();
      place.focus();
      stayAwake();
      // Doubles are looked for when the report stands there; it is read without them as well.
      if (content && shown.secrets) findDoubles({ own, content, shown, token: form.elements.csrfmiddlewaretoken.value, renew, says: actSays });
    } catch (error) {
      tell(says, error.code || "failed", { word: error.word });
    }
  });
  byId("lock").addEventListener("click", lock);
  ready(form);
}
