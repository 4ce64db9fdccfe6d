// A report that an officer enters for somebody: sealed here to the keys of his body. What seals is loaded when it is sent; what
// leaves this page is ciphertext, the days, and the ticks.
import { means } from "./names.js";
import { breath, byId, data, ROWS } from "./page.js";

const capable = window.isSecureContext && crypto.subtle && window.TransformStream && Blob.prototype.stream;
const form = byId("entry");
const PIECE = 1 << 16;

const told = capable && form ? data("entry-told") : null;
const words = told?.words;
const says = byId("entry-says");
const progress = byId("entry-progress");
let filed = false;
let fetching = false;
let kept = null; // what was sealed and not yet acknowledged: the same is sent again
let core = null;

const refuse = (text, name = "") => {
  says.textContent = text;
  says.hidden = !text;
  form.querySelectorAll("[aria-invalid]").forEach((each) => each.removeAttribute("aria-invalid"));
  if (!text) return;
  const field = name && form.elements[name];
  if (field?.setAttribute) {
    field.setAttribute("aria-invalid", "true");
    field.closest("details")?.setAttribute("open", "");
  }
  says.focus();
};
const say = (text) => {
  progress.textContent = text;
  progress.hidden = !text;
};

// --- what was typed ----------------------------------------------------------------------------------------------------

const one = (name) => `${form.elements[name]?.value ?? ""}`.replace(/\r\n/g, "\n").replaceAll("\0", "").trim();
const ticked = (name) => Boolean(form.elements[name]?.checked);
const table = (name, keys) => {
  const rows = [];
  for (let place = 0; place < ROWS; place += 1) {
    const row = Object.fromEntries(keys.map((key) => [key, one(`${name}-${place}-${key}`).slice(0, 300)]));
    if (keys.some((key) => row[key])) rows.push(row);
  }
  return rows;
};
const excludedKeys = () =>
  Array.from(form.querySelectorAll("[name=exclude]:checked"), (each) => Number(each.value)).sort((less, more) => less - more);
const excludedNames = () => one("names").slice(0, 2000).split("\n").map((each) => each.trim().slice(0, 300)).filter(Boolean);
const receivers = () => {
  const [keys, names] = [new Set(excludedKeys()), excludedNames()];
  return told.holders.filter((each) => !keys.has(each.key) && !names.some((typed) => means(typed, each.name)));
};
const kind = () => one("source_kind");
const hasCode = () => ticked("gets_code") && kind() !== "finding";

/** What is wrong in the form, as [sentence, field]; null where nothing is. */
const fault = () => {
  if (one("what").replace(/\s/g, "").length < 20) return [words.what, "what"];
  if (kind() === "body" && !one("source_from")) return [words.from, "source_from"];
  if (kind() === "finding" && ticked("named")) return [words.finding, "named"];
  if (ticked("named") && (!one("name") || !one("address"))) return [words.name, one("name") ? "address" : "name"];
  if (ticked("named") && !ticked("agreed")) return [words.agreed, "agreed"];
  if (!receivers().length) return [words.nobody, "names"];
  const files = [...form.elements.files.files];
  if (files.length > told.most_files) return [words.files, "files"];
  for (const file of files) {
    if (file.size > told.most_bytes) return [words.big.replace("{name}", file.name), "files"];
    if (!file.size) return [words.empty.replace("{name}", file.name), "files"];
  }
  return null;
};

// --- sealing -----------------------------------------------------------------------------------------------------------

const filledUp = (blob) => {
  let size = 1024;
  while (size < blob.size) size *= 2;
  const parts = [blob];
  for (let rest = size - blob.size; rest > 0; rest -= PIECE) parts.push(new Uint8Array(Math.min(rest, PIECE)));
  return new Blob(parts);
};

/** Seal the files, each with a working copy beside it where it tells something; describe them for the content. */
const sealFiles = async (to) => {
  const chosen = [...form.elements.files.files];
  if (!chosen.length) return { described: [], sealed: [] };
  const { cleaned } = await import("./clean.js");
  const [described, sealed] = [[], []];
  const add = async (blob, name, more) => {
    const sum = new Uint8Array(await crypto.subtle.digest("SHA-256", await blob.arrayBuffer()));
    const type = blob.type || "application/octet-stream";
    described.push({ part: sealed.length, name, type, size: blob.size, sha256: core.hex(sum), left_out: [], ...more });
    sealed.push(await new Response(await core.seal(filledUp(blob).stream(), [to])).blob());
  };
  for (const file of chosen) {
    const found = await cleaned(file);
    if (found.kind === "unknown") throw Object.assign(new Error("kind"), { says: words.kind.replace("{name}", file.name) });
    const part = sealed.length;
    await add(file, file.name, { told: found.told.map((each) => (each.value ? `${each.kind}: ${each.value}` : each.kind)), working_of: null });
    if (found.copy && found.told.length && sealed.length < told.most_files) await add(found.copy, file.name, { told: [], working_of: part });
  }
  return { described, sealed };
};

const sealAll = async () => {
  const set = await core.checkChain(told.chain);
  const to = receivers();
  const holders = set.holders.filter((each) => to.some((other) => other.key === each.key));
  if (core.digestOf(set) !== told.key_set || set.body !== told.body || holders.length !== to.length) throw new core.Refused("key_set_wrong");
  const keys = { content: await core.newKey(), identity: await core.newKey(), dialogue: await core.newKey() };
  const { described, sealed } = await sealFiles(keys.content.recipient);
  const code = hasCode() ? await core.newReturnCode() : null;
  const content = {
    v: 1, what: one("what"), when: one("when"), where: one("where"), who: table("who", ["name", "post", "unit"]),
    witnesses: table("witness", ["name", "contact"]), links: table("link", ["address", "captured"]), known_on: one("known_on"),
    channel: "staff", language: document.documentElement.lang === "en" ? "en" : "id",
    exclude: { keys: excludedKeys(), names: excludedNames() }, files: described,
    source: { kind: kind(), from: one("source_from"), number: one("source_number"), on: one("source_on") },
  };
  const has = {
    respondent: content.who.some((each) => each.name || each.post),
    time_and_place: content.when && content.where,
    account: content.what,
    evidence: sealed.length || content.witnesses.length || content.links.length,
  };
  const envelope = core.padded(Object.fromEntries(Object.entries(keys).map(([each, key]) => [each, key.identity])));
  const parts = {
    content: await core.seal(core.padded(content), [keys.content.recipient]),
    envelope: await core.seal(envelope, [...holders.map((each) => each.recipient), set.offline.recipient]),
  };
  if (ticked("named")) {
    const identity = Object.fromEntries(told.identity.map((name) => [name, one(name).slice(0, 300)]));
    parts.identity = await core.seal(core.padded({ v: 1, ...identity }), [keys.identity.recipient]);
  }
  const box = code && (await core.keyFromSecret(code.secret));
  if (box) parts.mailbox_envelope = await core.seal(envelope, [box.recipient]);
  return {
    code, parts, files: sealed,
    form: {
      key_set: told.key_set, to: holders.map((each) => each.key), content_to: keys.content.recipient,
      identity_to: keys.identity.recipient, dialogue_to: keys.dialogue.recipient, mailbox: box ? box.recipient : "",
      lookup: code ? code.lookup : core.hex(core.random(32)), known_on: one("known_on"), came_on: one("came_on"),
      ticks: told.requirements.filter((each) => has[each.asks]).map((each) => each.id), signed: ticked("signed"),
    },
  };
};

// --- sending -----------------------------------------------------------------------------------------------------------

const done = (page) => {
  filed = true;
  const read = new DOMParser().parseFromString(page, "text/html");
  const main = byId("main");
  main.replaceChildren(...read.body.childNodes);
  const list = byId("entry-words");
  for (const word of kept.code?.words || []) {
    const item = document.createElement("li");
    item.append(Object.assign(document.createElement("strong"), { textContent: word }));
    list?.append(item);
  }
  kept = null;
  byId("entry-print")?.addEventListener("click", () => window.print());
  // Fetching the paper leaves this page where it is.
  main.querySelector("form")?.addEventListener("submit", () => {
    fetching = true;
    setTimeout(() => { fetching = false; }, 2000);
  });
  const title = main.querySelector("h1");
  title.tabIndex = -1;
  title.focus();
  window.scrollTo(0, 0);
};

const send = async () => {
  refuse("");
  const wrong = fault();
  if (wrong) return refuse(...wrong);
  try {
    say(words.sealing);
    await breath();
    core ||= await import("./core.js");
    kept ||= await sealAll();
    say(words.sending);
    const body = new FormData();
    body.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    body.append("form", JSON.stringify(kept.form));
    for (const [name, part] of Object.entries(kept.parts)) body.append(name, new Blob([part]), name);
    for (const file of kept.files) body.append("file", file, "file");
    const answer = await fetch(told.send, { method: "POST", body, cache: "no-store" });
    if (answer.ok) return done(await answer.text());
    const refused = await answer.json();
    if (refused.reason === "keys_changed" || refused.reason === "body") kept = null;
    return refuse(refused.says || words.broken);
  } catch (error) {
    if (core && error instanceof core.Refused) return refuse(words.keys);
    return refuse(error.says || words.broken);
  } finally {
    say("");
  }
};

if (told) {
  document.querySelectorAll("[data-with-scripts]").forEach((each) => { each.hidden = false; });
  document.querySelectorAll("[data-without-scripts]").forEach((each) => { each.hidden = true; });
  // What changed since it was sealed is sealed anew.
  form.addEventListener("input", () => { kept = null; });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector("button[type=submit]");
    if (button.getAttribute("aria-busy") === "true") return;
    button.setAttribute("aria-busy", "true");
    try {
      await send();
    } finally {
      button.removeAttribute("aria-busy");
    }
  });
  window.addEventListener("beforeunload", (event) => {
    // A code on this page is shown once.
    if (filed ? byId("entry-words")?.children.length && !fetching : one("what")) event.preventDefault();
  });
}
