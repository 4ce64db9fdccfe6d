// The form of the intake door where scripts run: the questions of the form without scripts, asked here. Answers stay in this page's
// memory; what seals is loaded when the code is made; what is sent in the end is ciphertext.
import { means } from "./names.js";

const main = document.getElementById("main");
const PIECE = 1 << 16;
const ROWS = 20;

let words, offers, told, pages;
let fields = {}; // what stands in the fields of each page: {name: [values]}
let at = "body";
let reached = false; // the page of checking was reached: pages that are changed lead back to it
let kept = false; // the code was typed again
let code = null;
let core = null;
let chosen = null; // files, as they will be sealed (files.js)
let taking = null; // files that are still being looked at
const ticked = new Set(); // names of the holders whom the reporter excluded: his ticks go along where keys change
let filed = false;
let sending = false;
let ready = null; // what was sealed and not yet acknowledged: the same is sent again, until an answer or a file changes

const one = (step, name) => (fields[step]?.[name]?.[0] ?? "").replace(/\r\n/g, "\n").replaceAll("\0", "").trim();
const all = (step, name) => fields[step]?.[name] || [];
const offer = () => offers.find((each) => `${each.body}` === one("body", "body"));
const filled = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
const lines = (typed) => typed.slice(0, 2000).split("\n").map((each) => each.trim().slice(0, 300)).filter(Boolean);
const element = (tag, text = "", attributes = {}) => {
  const made = document.createElement(tag);
  made.textContent = text;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
};
const day = (written) =>
  written ? new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "long", timeZone: "UTC" }).format(new Date(`${written}T00:00:00Z`)) : "–";

/** Import a part of the program. What was imported in vain stays failed for the life of a page: so its files are fetched first. */
const part = async (name) => {
  const came = await Promise.all(told.modules[name].map((address) => fetch(address)));
  if (!came.every((each) => each.ok)) throw new Error("unloaded");
  await Promise.all(came.map((each) => each.blob()));
  return import(told.modules[name][0]);
};

// --- what was answered -------------------------------------------------------------------------------------------------

const table = (step, name, keys) => {
  const rows = [];
  for (let place = 0; place < ROWS; place += 1) {
    const row = Object.fromEntries(keys.map((key) => [key, one(step, `${name}-${place}-${key}`).slice(0, 300)]));
    if (keys.some((key) => row[key])) rows.push(row);
  }
  return rows;
};
const who = () => table("who", "who", ["name", "post", "unit"]);
const witnesses = () => table("support", "witness", ["name", "contact"]);
const links = () => table("support", "link", ["address", "captured"]);
const excludedKeys = () => all("exclude", "exclude").map(Number).sort((less, more) => less - more);
const excludedNames = () => lines(one("exclude", "names"));
const isNamed = () => one("identity", "named") === "yes";
const identity = () => Object.fromEntries(told.identity.map((name) => [name, one("identity", name).slice(0, 300)]));

/** The holders to whom it is sealed. */
const receivers = () => {
  const [keys, names] = [new Set(excludedKeys()), excludedNames()];
  return offer().holders.filter((each) => !keys.has(each.key) && !names.some((typed) => means(typed, each.name)));
};

const meter = () => {
  const rules = offer().rules;
  const known = one("when", "known_on");
  const last = rules.last_days[known] || "";
  const has = {
    reporter: isNamed() && one("identity", "name") && one("identity", "address"),
    respondent: who().some((each) => each.name || each.post),
    time_and_place: one("when", "when") && one("when", "where"),
    account: one("what", "what"),
    evidence: chosen?.count() || witnesses().length || links().length,
    within_time: known && last && known <= rules.today && rules.today <= last,
    signature: false,
  };
  const met = rules.requirements.filter((each) => has[each.asks]).map((each) => each.id);
  const left = last ? Math.round((Date.parse(last) - Date.parse(rules.today)) / 86_400_000) : null;
  const over = known && Object.keys(rules.last_days).length && (!last || left < 0);
  return { met, count: rules.requirements.length, days: over ? words.over : last ? filled(words.left, { days: left, day: day(last) }) : "" };
};

// --- what each page takes ------------------------------------------------------------------------------------------------

const tooLong = (step, name, most) => {
  const has = one(step, name).length;
  return has > most ? { [name]: filled(words.long, { most, has }) } : {};
};
const CHECKS = {
  body: () => (offer()?.open ? {} : { body: words.body }),
  exclude: () => (receivers().length ? {} : { exclude: words.nobody }),
  what: () => (one("what", "what").replace(/\s/g, "").length < 20 ? { what: words.what } : tooLong("what", "what", 20_000)),
  when: () => {
    const known = one("when", "known_on");
    const isDay = !known || (/^\d{4}-\d\d-\d\d$/.test(known) && known >= "2000-01-01" && known <= offer().rules.today);
    return { ...tooLong("when", "when", 500), ...tooLong("when", "where", 500), ...(isDay ? {} : { known_on: words.known_on }) };
  },
  identity: () => {
    if (!one("identity", "named")) return { named: words.named };
    if (!isNamed()) return {};
    const missing = ["name", "address"].filter((name) => !one("identity", name));
    return Object.fromEntries([...missing, ...(one("identity", "agreed") ? [] : ["agreed"])].map((name) => [name, words[name]]));
  },
  retype: async () => {
    kept = false;
    try {
      kept = (await core.readReturnCode(one("retype", "code"))).text === code.text;
    } catch (error) {
      if (!(error instanceof core.Refused)) return { code: words.unloaded };
      return { code: filled(error.word ? (error.meant ? words.meant : words.word) : words.count, error) };
    }
    return kept ? {} : { code: words.code };
  },
};

// --- pages ---------------------------------------------------------------------------------------------------------------

const form = () => main.querySelector("form");

const remember = () => {
  if (!form() || filed || at === "files") return;
  const typed = {};
  for (const [name, value] of new FormData(form())) if (typeof value === "string") (typed[name] ||= []).push(value);
  delete typed.state;
  delete typed.step;
  if (JSON.stringify(typed) !== JSON.stringify(fields[at] || {})) ready = null;
  fields[at] = typed;
  if (at === "exclude") for (const { key, name } of offer().holders) ticked[excludedKeys().includes(key) ? "add" : "delete"](name);
  if (at === "body") tickAgain();
};

/** Tick again whom the reporter excluded before: his key may be another now, or stand in the set of another body. */
const tickAgain = () => {
  if (!fields.exclude || !offer()) return;
  const keys = offer().holders.filter((each) => ticked.has(each.name)).map((each) => `${each.key}`);
  fields.exclude = { ...fields.exclude, exclude: keys };
};

const recall = () => {
  for (const field of form().elements) {
    const values = fields[at]?.[field.name];
    if (!values || field.type === "hidden" || field.type === "file") continue;
    if (field.type === "radio" || field.type === "checkbox") field.checked = values.includes(field.value);
    else field.value = values[0];
    if (field.value || field.checked) field.closest("details")?.setAttribute("open", "");
  }
};

const trouble = (errors, says = "") => {
  main.querySelector(".message.error")?.remove();
  main.querySelectorAll("[aria-invalid]").forEach((each) => each.removeAttribute("aria-invalid"));
  if (!says && !Object.keys(errors).length) return;
  const box = element("div", "", { class: "message error", role: "alert", tabindex: "-1" });
  if (says) box.append(element("p", says));
  const list = element("ul");
  for (const [name, text] of Object.entries(errors)) {
    const item = element("li");
    item.append(element("a", text, { href: `#${name}` }));
    list.append(item);
    const field = main.querySelector(`[name="${CSS.escape(name)}"]`);
    field?.setAttribute("aria-invalid", "true");
    field?.closest("details")?.setAttribute("open", "");
  }
  if (list.children.length) box.append(list);
  main.querySelector("h1").after(box);
  main.querySelectorAll("[data-if-refused]").forEach((each) => { each.hidden = false; });
  box.focus();
};

const show = async (step, { errors = {}, says = "", push = true } = {}) => {
  if (!offer() && step !== "body") step = "body";
  if (!code && ["code", "retype"].includes(step)) step = "identity";
  at = step;
  const own = pages.find((each) => each.dataset.step === step && (!each.dataset.body || each.dataset.body === one("body", "body")));
  main.replaceChildren(own.content.cloneNode(true));
  if (push && history.state?.step !== step) history.pushState({ step }, "");
  recall();
  SHOWN[step]?.();
  if (offer() && !["body", "exclude", "what", "when", "check", "files"].includes(step)) {
    const { met, count, days } = meter();
    if (count) main.append(element("p", `${words.completeness}: ${met.length}/${count}${days ? ` · ${days}` : ""}`, { class: "quiet" }));
  }
  window.scrollTo(0, 0);
  const title = main.querySelector("h1");
  title.tabIndex = -1;
  if (Object.keys(errors).length || says) trouble(errors, says);
  else title.focus({ preventScroll: true });
};

/** Load what seals, and check who signed the key set. */
const load = async () => {
  core ||= await part("core");
  const latest = await core.checkChain(offer().chain);
  if (core.digestOf(latest) !== offer().key_set || latest.body !== offer().body) throw new core.Refused("key_set_wrong");
  return latest;
};

const SHOWN = {
  body: () => offers.forEach((each) => {
    // The fingerprint is that of the document to which this page seals, whatever stands in the page.
    const place = main.querySelector(`[data-fingerprint="${each.body}"]`);
    if (place) place.textContent = each.fingerprint;
  }),
  code: () => {
    const list = main.querySelector("#words");
    list.replaceChildren();
    for (const word of code.words) {
      const item = element("li");
      item.append(element("strong", word));
      list.append(item);
    }
  },
  check: () => {
    const slot = (name, ...texts) => {
      const place = main.querySelector(`[data-slot="${name}"]`);
      const shown = texts.filter((each) => each.trim());
      place?.replaceChildren(...(shown.length ? shown : ["–"]).flatMap((text) => text.split("\n").flatMap((line) => [line, element("br")])).slice(0, -1));
    };
    const rows = (list) => list.map((row) => Object.values(row).filter(Boolean).join(" "));
    const namesOf = (test) => offer().holders.filter(test).map((each) => each.name);
    const meant = (typed) => namesOf((each) => means(typed, each.name)).join(", ");
    const typed = excludedNames().map((name) => (meant(name) ? `${name} (= ${meant(name)})` : filled(words.unmet, { name })));
    slot("excluded", [...namesOf((each) => excludedKeys().includes(each.key)), ...typed].join(", "));
    slot("what", one("what", "what"));
    slot("when", one("when", "when"));
    slot("where", one("when", "where"));
    slot("known_on", day(one("when", "known_on")));
    slot("who", ...rows(who()));
    slot("support", ...rows(witnesses()), ...rows(links()));
    slot("identity", isNamed() ? `${one("identity", "name")}, ${one("identity", "address")}` : words.unnamed);
    const { met, days } = meter();
    slot("days", days);
    main.querySelector("[data-witness]")?.toggleAttribute("hidden", witnesses().length > 0);
    for (const tick of main.querySelectorAll("[data-tick]")) {
      const isMet = met.includes(tick.dataset.tick);
      tick.querySelector("strong").textContent = isMet ? words.there : words.missing;
      const hint = main.querySelector(`[data-hint="${CSS.escape(tick.dataset.tick)}"]`);
      if (hint) hint.hidden = isMet;
    }
  },
  files: () => {
    main.querySelectorAll("[data-named]").forEach((each) => { each.hidden = !isNamed(); });
    main.querySelector("#files").addEventListener("change", takeFiles);
    chosen?.show();
  },
};

const following = (step) => {
  const steps = told.steps;
  if (step === "files") return "check";
  if (reached && kept && !["check", "body", "code"].includes(step)) return "check";
  return steps[steps.indexOf(step) + 1];
};

const firstOpen = async () => {
  for (const step of ["body", "exclude", "what", "when", "identity"]) {
    const errors = CHECKS[step]();
    if (Object.keys(errors).length) return [step, errors];
  }
  return kept ? null : ["code", {}];
};

const submitted = async (event) => {
  const sent = event.target;
  if (filed || !main.contains(sent)) return;
  event.preventDefault();
  if (sending) return;
  const button = event.submitter;
  if (button?.getAttribute("aria-busy") === "true") return;
  button?.setAttribute("aria-busy", "true");
  try {
    if (sent.id === "sending") {
      hold(true);
      return await send();
    }
    remember();
    const go = button?.value || "next";
    if (go === "back") return await show(told.steps[Math.max(0, told.steps.indexOf(at) - 1)]);
    if (go !== "next") return await show(go);
    const errors = await (CHECKS[at] || (() => ({})))();
    if (Object.keys(errors).length) return trouble(errors);
    const next = following(at);
    if (next === "code")
      try {
        await load();
        code ||= await core.newReturnCode();
      } catch (error) {
        return core && error instanceof core.Refused ? await show("body", { says: words.keys }) : trouble({}, words.unloaded);
      }
    if (next === "check") {
      const open = await firstOpen();
      if (open) return await show(open[0], { errors: open[1], says: words.incomplete });
      reached = true;
    }
    return await show(next);
  } finally {
    hold(false);
    button?.removeAttribute("aria-busy");
  }
};

/** While something is sent, nothing of it can be changed: what would be changed then would stay here. */
const hold = (is) => {
  sending = is;
  main.querySelectorAll("#files, #chosen, #sending ~ form").forEach((each) => { each.inert = is; });
};

// --- files ---------------------------------------------------------------------------------------------------------------

const say = (text) => {
  const place = main.querySelector("#told");
  if (!place) return;
  place.hidden = !text;
  if (place.textContent !== text) place.textContent = text;
};

const look = async (files) => {
  const refuse = (text) => trouble({ files: text });
  try {
    const { fileList } = await part("files");
    chosen ||= fileList({ words, say, refuse, changed: () => { ready = null; } });
    return await chosen.take(files);
  } catch {
    say("");
    refuse(filled(words.unlooked, { name: files.map((each) => each.name).join("”, “") }));
    return false;
  }
};
const takeFiles = ({ target }) => {
  const files = [...target.files];
  target.value = "";
  const all = Promise.all([taking, look(files)]).then((each) => !each.includes(false));
  taking = all;
  all.then(() => { if (taking === all) taking = null; });
};

// --- sealing -------------------------------------------------------------------------------------------------------------

/** Bytes of a file, then zeros to the next power of two: as services/reports.py fills them. */
const filledUp = (blob) => {
  let size = 1024;
  while (size < blob.size) size *= 2;
  const parts = [blob];
  for (let rest = size - blob.size; rest > 0; rest -= PIECE) parts.push(new Uint8Array(Math.min(rest, PIECE)));
  return new Blob(parts);
};
const sum = async (blob) => core.hex(new Uint8Array(await crypto.subtle.digest("SHA-256", await blob.arrayBuffer())));
const sealedFile = async (blob, to) => new Response(await core.seal(filledUp(blob).stream(), [to])).blob();

const sealAll = async () => {
  const set = await load();
  const to = receivers();
  const holders = set.holders.filter((each) => to.some((one) => one.key === each.key));
  if (!holders.length || holders.length !== to.length) throw new core.Refused("key_set_wrong");
  const keys = { content: await core.newKey(), identity: await core.newKey(), dialogue: await core.newKey() };
  const box = await core.keyFromSecret(code.secret);
  const files = chosen?.parts() || [];
  const described = [];
  const out = { parts: {}, files: [] };
  for (const [number, file] of files.entries()) {
    say(filled(words.sealing, { number: number + 1, count: files.length }));
    described.push({
      part: number, name: file.name, type: file.type, size: file.blob.size, sha256: await sum(file.blob),
      working_of: file.working_of, told: file.told, left_out: file.left_out,
    });
    out.files.push(await sealedFile(file.blob, keys.content.recipient));
  }
  const content = {
    v: 1, what: one("what", "what"), when: one("when", "when"), where: one("when", "where"), who: who(), witnesses: witnesses(),
    links: links(), known_on: one("when", "known_on"), channel: "scripted", language: document.documentElement.lang === "en" ? "en" : "id",
    exclude: { keys: excludedKeys(), names: excludedNames() }, files: described,
  };
  const envelope = core.padded(Object.fromEntries(Object.entries(keys).map(([kind, key]) => [kind, key.identity])));
  out.parts.content = await core.seal(core.padded(content), [keys.content.recipient]);
  if (isNamed()) out.parts.identity = await core.seal(core.padded({ v: 1, ...identity() }), [keys.identity.recipient]);
  out.parts.envelope = await core.seal(envelope, [...holders.map((each) => each.recipient), set.offline.recipient]);
  out.parts.mailbox_envelope = await core.seal(envelope, [box.recipient]);
  out.form = {
    body: set.body, key_set: core.digestOf(set), to: holders.map((each) => each.key), content_to: keys.content.recipient,
    identity_to: keys.identity.recipient, dialogue_to: keys.dialogue.recipient, mailbox: box.recipient, lookup: code.lookup,
    known_on: one("when", "known_on"), ticks: meter().met,
  };
  return out;
};

// --- sending -------------------------------------------------------------------------------------------------------------

const refusal = (answer) => Object.assign(new Error("refused"), { answer });

const worked = async () => {
  const asked = await fetch(told.addresses.challenge, { method: "POST", body: new URLSearchParams({ body: offer().body }), cache: "no-store" });
  const { challenge, bits, ...refused } = await asked.json();
  if (!challenge) throw refusal(refused);
  say(words.work);
  const task = { text: challenge, lookup: code.lookup, bits };
  return { challenge, number: await apart(task).catch(() => here(task)) };
};

const apart = async (task) => {
  const worker = new Worker(told.modules.work[0], { type: "module" });
  try {
    return await new Promise((go, fail) => {
      worker.onmessage = ({ data }) => go(data);
      worker.onerror = fail;
      worker.postMessage(task);
    });
  } finally {
    worker.terminate();
  }
};

/** Work on the page itself, in slices: not every browser that seals runs modules apart. */
const here = async (task) => {
  const { search } = await part("work");
  const next = search(task);
  for (;;) {
    const number = next(1000);
    if (number !== null) return number;
    await new Promise((go) => setTimeout(go));
  }
};

const posted = (body) =>
  new Promise((go, fail) => {
    const request = new XMLHttpRequest();
    const progress = main.querySelector("#progress");
    request.open("POST", told.addresses.send);
    request.upload.onprogress = ({ loaded, total }) => {
      const percent = Math.floor((100 * loaded) / total);
      if (progress) Object.assign(progress, { hidden: false, value: percent });
      say(filled(words.sending, { percent: percent - (percent % 10) }));
    };
    request.onload = () => {
      if (request.status === 200) return go(request.responseText);
      try {
        return fail(refusal(JSON.parse(request.responseText)));
      } catch {
        return fail(new Error("broken"));
      }
    };
    request.onerror = request.onabort = request.ontimeout = () => fail(new Error("broken"));
    request.send(body);
  });

const send = async () => {
  trouble({});
  // A file that is still being looked at goes along, unless its reporter has something to read first.
  const early = taking;
  while (taking) if (!(await taking)) return;
  if (early && chosen.reveals()) return trouble({}, words.examined);
  if (chosen?.isOpen()) return trouble({}, words.blurring);
  const count = chosen?.parts().length || 0;
  if (count > told.most_files) return trouble({ files: filled(words.copies, { count, most: told.most_files }) });
  const open = await firstOpen();
  if (open) return show(open[0], { errors: open[1], says: words.incomplete });
  try {
    // What was sealed once is sent again as it is: the server knows it by its lookup, and answers with the same receipt.
    if (!ready) ready = await sealAll();
    const proof = await worked();
    const body = new FormData();
    body.append("form", JSON.stringify({ ...ready.form, ...proof }));
    for (const [name, part] of Object.entries(ready.parts)) body.append(name, new Blob([part]), name);
    for (const file of ready.files) body.append("file", file, "file");
    return done(await posted(body));
  } catch (error) {
    say("");
    const progress = main.querySelector("#progress");
    if (progress) progress.hidden = true;
    const button = main.querySelector("#sending button[type=submit]");
    if (button) button.textContent = words.again;
    if (core && error instanceof core.Refused) return show("body", { says: words.keys });
    if (!error.answer) return trouble({}, words.broken);
    if (["body", "keys_changed", "nobody"].includes(error.answer.reason)) {
      ready = null;
      return renew(error.answer.says);
    }
    return trouble({}, error.answer.says);
  }
};

const done = (page) => {
  filed = true;
  const shown = new DOMParser().parseFromString(page, "text/html");
  main.replaceChildren(...shown.body.childNodes);
  main.querySelector("#kept-code").textContent = code.text;
  history.replaceState({ step: "filed" }, "");
  fields = {};
  chosen = null;
  ready = null;
  const title = main.querySelector("h1");
  title.tabIndex = -1;
  title.focus();
  window.scrollTo(0, 0);
};

// --- beginning -----------------------------------------------------------------------------------------------------------

let state;
let address;

const ask = async () => {
  const answer = await fetch(address, { method: "POST", body: new URLSearchParams({ state }), cache: "no-store" });
  const read = new DOMParser().parseFromString(await answer.text(), "text/html");
  const data = read.getElementById("intake-told");
  if (!answer.ok || !data) throw new Error("no questions");
  told = JSON.parse(data.textContent);
  ({ words, offers } = told);
  pages = [...read.querySelectorAll("template[data-step]")];
  for (const each of offers) {
    const document = new TextEncoder().encode(`ikrar/key-set/v1\0${each.chain.at(-1).document}`);
    const digest = Array.from(new Uint8Array(await crypto.subtle.digest("SHA-256", document)), (byte) => byte.toString(16).padStart(2, "0")).join("");
    each.fingerprint = digest.slice(0, 20).replace(/(.{4})(?=.)/g, "$1 ");
    each.open = each.open && digest === each.key_set;
  }
};

/** The keys changed meanwhile: show those of now, with all answers as they are. */
const renew = async (says) => {
  await ask().catch(() => {});
  tickAgain();
  return show("body", { says });
};

const begin = async () => {
  const streams = window.TransformStream && Blob.prototype.stream;
  const capable = window.isSecureContext && crypto.subtle && streams && window.SubmitEvent && "submitter" in SubmitEvent.prototype;
  const place = document.getElementById("script-failed");
  const typed = main.querySelector("input[name=state]");
  if (!place || !typed) return;
  [state, address] = [typed.value, place.dataset.questions];
  // A press before the questions came waits for them: it would send what was chosen the other way.
  let pressed = "";
  const wait = (event) => {
    if (!main.contains(event.target)) return;
    event.preventDefault();
    pressed = event.submitter?.value || "next";
    event.submitter?.setAttribute("aria-busy", "true");
  };
  try {
    if (!capable) throw new Error("an older browser");
    document.addEventListener("submit", wait);
    await ask();
  } catch {
    main.querySelectorAll("[aria-busy]").forEach((each) => each.removeAttribute("aria-busy"));
    place.hidden = false;
    return;
  } finally {
    document.removeEventListener("submit", wait);
  }
  remember();
  history.replaceState({ step: "body" }, "");
  main.dataset.scripted = "";
  document.addEventListener("submit", submitted);
  window.addEventListener("popstate", (event) => {
    if (filed || !event.state?.step) return;
    if (sending) return history.pushState({ step: at }, "");
    remember();
    show(event.state.step, { push: false });
  });
  window.addEventListener("beforeunload", (event) => {
    // Quick exit hides the page first: nothing may hold it up.
    if (!filed && one("what", "what") && !document.body.hidden) event.preventDefault();
  });
  await show("body", { push: false });
  if (pressed) main.querySelector(`button[name=go][value=${pressed}]`)?.click();
};

begin();
