// Keyed prints of an opened report, equal to ikrar/domain/prints.py (tests/corpora/sealing.json holds both), and the secret of the
// body that they are keyed with. The secret is made here, lies at the server in envelopes alone, and is sealed to nobody but
// holders of the signed key set, whose chain is checked here each time.
import { ask, post } from "./asking.js";
import { checkChain, derived, digestOf, fromHex, hex, keyedHash, random, seal, sign, unseal, utf8, verify } from "./core.js";
import { base64Of, bytesOf } from "./opening.js";

const MOST = 60; // prints of one kind
const checkOf = (secret) => hex(derived(secret, "ikrar/body-secret/check/v1"));
const keyed = (secret, kind, bytes) => keyedHash(derived(secret, `ikrar/print/${kind}/v1`), bytes);

// --- the secret of the body ----------------------------------------------------------------------------------------

const posted = async (address, fields, token) => {
  const body = new FormData();
  body.append("csrfmiddlewaretoken", token);
  for (const [name, value] of Object.entries(fields)) body.append(name, value);
  const answer = await post(address, body);
  if (!answer.ok) throw new Error(`${answer.status}`);
  return answer.json();
};

/** What the maker of a secret signs, so that no server slips one of its own in. */
const messageFor = (body, version, check) => utf8(`ikrar/body-secret/v1\n${body}\n${version}\n${check}\n`);
/** Made by a holder of today: who left, or was dropped, may know what he made and be of one mind with a changed server. */
const isGenuine = async (told, set) =>
  set.holders.some((each) => each.verifier === told.verifier) &&
  verify(told.verifier, told.signature, messageFor(told.body, told.version, told.check));

/** The secret in those envelopes that a key opens; null where none holds the one that the others keep. */
const openedSecret = async (told, own) => {
  for (const each of told.envelopes) {
    try {
      const secret = await unseal(bytesOf(each), own.identity);
      if (secret.length === 32 && checkOf(secret) === told.check) return secret;
    } catch {
      // Sealed to another key.
    }
  }
  return null;
};

const sealedTo = async (secret, wanted, set) => {
  // Recipients are those of the set that was checked here; the server only narrows them.
  const holders = set.holders.filter((each) => wanted.includes(each.key));
  if (!holders.length) return null;
  const sealed = await seal(secret, [...holders.map((each) => each.recipient), set.offline.recipient]);
  return { sealed: base64Of(sealed), to: holders.map((each) => each.key).join(","), key_set: digestOf(set) };
};

const made = async (told, own, set, token) => {
  const secret = random(32);
  const envelope = await sealedTo(secret, told.receiving, set);
  if (!envelope || !told.receiving.includes(told.key)) return told;
  // Where another browser was first, the answer is what stands.
  const [version, check] = [told.version + 1, checkOf(secret)];
  const signature = await sign(own.secret, messageFor(told.body, version, check));
  return posted(told.make, { ...envelope, version, check, signature }, token);
};

/**
 * The latest secret of a body: {version, secret}. It is made where there is none of a holder of today, and sealed to holders who lack it. Null where this
 * key has it not yet (another holder's browser will seal it to it), or the key set is not genuine. Where envelopes name this key and
 * none opens, the server is told once, and `unopened` is called: the officers learn of it, and another holder's browser seals it anew.
 */
export const secretFor = async (own, { body, secrets, token, anew = false, unopened = () => {} }) => {
  try {
    const answer = await ask(secrets);
    if (!answer.ok) return null;
    let told = await answer.json();
    const set = await checkChain(told.chain);
    if (set.body !== body || told.body !== body || !set.holders.some((each) => each.recipient === own.recipient)) return null;
    if (anew || !told.version || !(await isGenuine(told, set))) told = await made(told, own, set, token);
    if (!(await isGenuine(told, set))) return null;
    const secret = told.unopened ? null : await openedSecret(told, own);
    if (!secret) {
      if (told.envelopes.length && !told.unopened) await posted(told.say_unopened, { version: told.version }, token).catch(() => null);
      if (told.envelopes.length) unopened();
      return null;
    }
    if (told.lacking.length) {
      const envelope = await sealedTo(secret, told.lacking, set);
      if (envelope) await posted(told.share, { ...envelope, version: told.version }, token).catch(() => null);
    }
    return { version: told.version, secret };
  } catch (error) {
    if (error.code === "signed_out") throw error;
    return null; // without it a report is read as ever; only doubles are not found
  }
};

// --- prints --------------------------------------------------------------------------------------------------------

export const evidencePrint = (secret, sha256) => keyed(secret, "evidence", fromHex(sha256));
export const pagePrint = (secret, address) => {
  const page = normalised(address);
  return page ? keyed(secret, "page", utf8(page)) : null;
};
/** Who did what on which day, as an officer finds them: kind "deed". */
export const matterPrint = (secret, { person, act, day }) => keyed(secret, "deed", utf8([person, act, day].join("\n")));

const several = (values) => [...new Set(values.filter(Boolean))].slice(0, MOST);
const WRITTEN = /https?:\/\/[^\s<>"]+/gi;

/** The prints of an opened content. A reporter's browser may have written anything into it: what is no hash is left out. */
export const printsOf = (content, { version, secret }) => {
  const files = (Array.isArray(content.files) ? content.files : []).filter((each) => /^[0-9a-f]{64}$/.test(each?.sha256));
  const links = (Array.isArray(content.links) ? content.links : []).map((each) => String(each?.address ?? ""));
  const told = String(content.what ?? "").match(WRITTEN) || [];
  return {
    version,
    // A working copy is a picture of the original beside it.
    evidence: several(files.filter((each) => (each.working_of ?? null) === null).map((each) => evidencePrint(secret, each.sha256))),
    page: several([...links, ...told.map((each) => each.replace(/[).,;!?]+$/, ""))].map((each) => pagePrint(secret, each))),
  };
};

/** Send prints of an opened report; what comes back are reports that one's own key opens: {matches, more}. */
export const send = (address, prints, token) => posted(address, { prints: JSON.stringify(prints) }, token);

// --- addresses -----------------------------------------------------------------------------------------------------
// By hand in both languages, with nothing of their libraries for addresses: these differ from one another.

const LONGEST = 4000;
const MOST_UNWRAPPED = 3;
// Names that only follow a reader: those of domain/addresses.py. What a network appends for itself tells another page elsewhere.
const names = (written) => new Set(written.split(" "));
const ANYWHERE = names(
  "fbclid gclid dclid yclid msclkid twclid ttclid gbraid wbraid igshid igsh mc_cid mc_eid _ga mibextid sfnsn __tn__ ref_src ref_url" +
    " spm cmpid ncid amp outputtype wtsid",
);
const BEGINNINGS = ["utm_", "__cft__", "__xts__"];
const OF_NETWORKS = [
  [
    ["facebook.com", "fb.com"],
    names("_rdr _rdc rdid share_url share_id sharer ref refsrc referrer hc_ref hc_location fref locale paipv eav rt cxt"),
  ],
  [["instagram.com", "threads.net", "threads.com"], names("img_index xmt")],
  [["youtube.com", "youtu.be"], names("si feature pp ab_channel")],
  [["tiktok.com"], names("is_from_webapp is_copy_url sender_device sender_web_id web_id _r _t _d tt_from u_code share_id")],
  [["twitter.com", "x.com"], names("ref cxt s t")],
];
const followsReader = (name, host) =>
  ANYWHERE.has(name) ||
  BEGINNINGS.some((each) => name.startsWith(each)) ||
  OF_NETWORKS.some(([hosts, own]) => own.has(name) && hosts.some((each) => host === each || host.endsWith(`.${each}`)));
const WHOLE_ARTICLE = ["page=all", "single=1"];
const WRAPPERS = [
  [/^(?:l|lm)\.(?:facebook|instagram)\.com$/, /^(?:\/l\.php|\/?)$/, ["u"]],
  [/^(?:.+\.)?facebook\.com$/, /^\/(?:sharer(?:\/sharer\.php|\.php)?|flx\/warn|dialog\/share)\/?$/, ["u", "href"]],
  [/^(?:.+\.)?(?:twitter|x)\.com$/, /^\/(?:intent\/(?:tweet|post)|share)\/?$/, ["url", "text"]],
  [/^(?:wa\.me|(?:api|web)\.whatsapp\.com)$/, /^\/?(?:send\/?)?$/, ["text"]],
  [/^t(?:elegram)?\.me$/, /^\/share(?:\/url)?\/?$/, ["url"]],
  [/^(?:www\.)?google\.(?:com|co\.id)$/, /^\/url$/, ["url", "q"]],
  [/^(?:www\.)?youtube\.com$/, /^\/redirect$/, ["q"]],
];
const KEPT = /[A-Za-z0-9\-._~!$'()*+,;:@/]/;

const lower = (words) => words.replace(/[A-Z]+/g, (found) => found.toLowerCase());

/** A part of an address in one way: what needs no percent sign without, the rest with. */
const escaped = (part) => {
  const raw = utf8(part);
  let out = "";
  for (let place = 0; place < raw.length; place += 1) {
    let byte = raw[place];
    const digits = String.fromCharCode(...raw.subarray(place + 1, place + 3));
    const written = `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
    if (byte === 0x25 && /^[0-9A-Fa-f]{2}$/.test(digits)) {
      byte = parseInt(digits, 16);
      place += 2;
      const sign = String.fromCharCode(byte);
      out += /^[A-Za-z0-9._~-]$/.test(sign) ? sign : `%${digits.toUpperCase()}`;
    } else {
      const sign = String.fromCharCode(byte);
      out += byte < 0x80 && KEPT.test(sign) ? sign : written;
    }
  }
  return out;
};

/** What an escaped part says; bytes that are no text become the sign for that. */
const unescaped = (part) => {
  const raw = [];
  for (let place = 0; place < part.length; place += 1) {
    const digits = part.slice(place + 1, place + 3);
    if (part[place] === "%" && /^[0-9A-F]{2}$/.test(digits)) {
      raw.push(parseInt(digits, 16));
      place += 2;
    } else raw.push(part.charCodeAt(place));
  }
  return new TextDecoder().decode(Uint8Array.from(raw));
};

const inner = (fields, names) => {
  for (const name of names)
    for (const [each, value] of fields) {
      const found = each === name && value && unescaped(value).replaceAll("+", " ").match(/https?:\/\/[^\s<>"]+/i);
      if (found) return found[0];
    }
  return "";
};

const hostOf = (host) => {
  if (/^(?:.+\.)?(?:facebook\.com|fb\.com)$/.test(host)) return "facebook.com";
  let before = "";
  let found = host;
  while (found !== before) [before, found] = [found, found.replace(/^(?:www[0-9]*|m|mobile|amp|touch)\.(?=[^.]+\.)/, "")];
  if (["twitter.com", "nitter.net", "fxtwitter.com", "vxtwitter.com"].includes(found)) return "x.com";
  if (["telegram.me", "telegram.dog"].includes(found)) return "t.me";
  if (["music.youtube.com", "youtube-nocookie.com"].includes(found)) return "youtube.com";
  return found === "threads.com" ? "threads.net" : found;
};

const first = (pattern, path) => (path.match(pattern) || [])[1] || "";
const named = (before, number) => (number ? before + number : "");

const ofFacebook = (path, fields) => {
  if (["/story.php", "/permalink.php"].includes(path)) return fields.get("story_fbid");
  if (["/photo.php", "/photo", "/video.php"].includes(path)) return fields.get("fbid") || fields.get("v");
  if (["/watch", "/watch/live"].includes(path)) return fields.get("v");
  return first(/^\/(?:reel|[^/]+\/(?:posts|videos|photos)|groups\/[^/]+\/(?:posts|permalink))\/(?:[^/]+\/)?([\w-]+)$/, path);
};

/** A post of a common network by its own number, however its address is written; empty for another page. */
const ofNetwork = (host, path, fields) => {
  if (host === "youtu.be") return named("youtube.com/watch?v=", first(/^\/([\w-]{6,})$/, path));
  if (host === "youtube.com") {
    const video = first(/^\/(?:shorts|live|embed|v)\/([\w-]{6,})$/, path) || (path === "/watch" ? fields.get("v") : "");
    return named("youtube.com/watch?v=", video);
  }
  if (host === "instagram.com")
    return named("instagram.com/p/", first(/^(?:\/[\w.]+)?\/(?:p|reel|reels|tv)\/([\w-]+)(?:\/embed(?:\/captioned)?)?$/, path));
  if (host === "tiktok.com")
    return named("tiktok.com/video/", first(/^\/(?:@[^/]*\/(?:video|photo)|embed(?:\/v2)?|v)\/([0-9]+)(?:\.html)?$/, path));
  if (host === "x.com") return named("x.com/status/", first(/^\/(?:i\/web|i|[^/]+)\/status(?:es)?\/([0-9]+)(?:\/.*)?$/, path));
  if (host === "threads.net") return named("threads.net/t/", first(/^\/(?:@[^/]+\/post|t)\/([\w-]+)$/, path));
  if (host === "t.me") return named("t.me", lower(first(/^(?:\/s)?(\/[^/]+\/[0-9]+)$/, path)));
  return host === "facebook.com" ? named("facebook.com/", ofFacebook(path, fields)) : "";
};

const page = (address, depth) => {
  let whole = Array.from(address.replace(/[\x00-\x20\u00a0\u200b-\u200f\u2028-\u202e\u2060\ufeff]/g, "")).slice(0, LONGEST).join("");
  whole = whole.replace(/#.*$/s, "");
  const scheme = whole.match(/^([A-Za-z][A-Za-z0-9+.-]*):(?=\/\/)/);
  if (scheme && !["http", "https"].includes(scheme[1].toLowerCase())) return "";
  whole = whole.replace(/^(?:https?:)?\/\//i, "");
  const [, before, on, asked = ""] = whole.match(/^([^/?]*)([^?]*)(?:\?(.*))?$/s) || [null, "", "", ""];
  let host = lower(before.replace(/^.*@/s, "").replace(/:(?:80|443)?$/, "")).replace(/\.$/, "");
  if (!/^[^.:]+(?:\.[^.:]+)+(?::[0-9]+)?$/.test(host)) return "";
  let path = escaped(on);
  const fields = asked.split(/[&;]/).filter(Boolean).map((each) => {
    const cut = each.indexOf("=");
    return cut < 0 ? [escaped(each), ""] : [escaped(each.slice(0, cut)), escaped(each.slice(cut + 1))];
  });
  if (depth < MOST_UNWRAPPED) {
    for (const [at, under, names] of WRAPPERS) {
      const led = at.test(host) && under.test(path) ? inner(fields, names) : "";
      if (led) return page(led, depth + 1);
    }
    const cached = /^(?:www\.)?google\.(?:com|co\.id)$/.test(host) && path.match(/^\/amp\/(?:s\/)?(.+)$/);
    if (cached) return page(cached[1], depth + 1);
  }
  host = hostOf(host);
  path = path.replace(/\/{2,}/g, "/").replace(/\/(?:index\.(?:html?|php))?$/, "").replace(/(?:\/amp|\.amp)$/, "").replace(/\/+$/, "");
  const told = ofNetwork(host, path, new Map(fields.filter(([, value]) => value).reverse()));
  if (told) return told;
  const kept = fields
    .filter(([name]) => !followsReader(lower(name), host))
    .map(([name, value]) => `${name}=${value}`)
    .filter((each) => !WHOLE_ARTICLE.includes(each))
    .sort();
  return escaped(host) + path + (kept.length ? `?${kept.join("&")}` : "");
};

/** An address as it is compared: host, path and query of the page itself; empty for what is none. */
export const normalised = (address) => page(String(address), 0);
