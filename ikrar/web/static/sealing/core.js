// Keys, seals, return codes and key sets in a browser, equal to ikrar/domain and ikrar/gateways/sealing.py: tests hold both
// to tests/corpora/sealing.json. No algorithm stands here: all come from age-encryption and the libraries it is made of.
// What only officers need (signatures) is loaded when it is first asked for.
import { Decrypter, Encrypter, bech32, hkdf, hmac, identityToRecipient, sha256 } from "../vendor/age-seal.js";

const forOfficers = () => import("../vendor/age.js");
const listed = async () => (await import("../vendor/code-words.js")).default;

/** A refusal, with the code that the server has for it and what a sentence about it needs. */
export class Refused extends Error {
  constructor(code, details = {}) {
    super(`${code} ${JSON.stringify(details)}`);
    this.code = code;
    Object.assign(this, details);
  }
}

// --- bytes ---------------------------------------------------------------------------------------------------------

export const utf8 = (text) => new TextEncoder().encode(text);
export const text = (bytes) => new TextDecoder("utf-8", { fatal: true }).decode(bytes);
export const hex = (bytes) => Array.from(bytes, (each) => each.toString(16).padStart(2, "0")).join("");
export const fromHex = (digits) => {
  if (!/^(?:[0-9a-f]{2})*$/.test(digits)) throw new Refused("not_hex");
  return Uint8Array.from(digits.match(/../g) || [], (each) => parseInt(each, 16));
};
export const random = (count) => crypto.getRandomValues(new Uint8Array(count));
export const digest = (bytes) => hex(sha256(bytes));
export const derived = (secret, info) => hkdf(sha256, secret, undefined, utf8(info), 32);
/** HMAC-SHA-256, in hex: what doubles are compared by, under a secret of the body. */
export const keyedHash = (secret, bytes) => hex(hmac(sha256, secret, bytes));

// --- keys ----------------------------------------------------------------------------------------------------------

const PREFIX = "AGE-SECRET-KEY-";

/** Write the 32 secret bytes of a key as age does. */
export const identityText = (secret) => {
  if (secret.length !== 32) throw new Refused("identity_wrong");
  return bech32.encodeFromBytes(PREFIX, secret).toUpperCase();
};

/** Read a secret key as somebody types it from paper: in any case, with blanks, with or without its beginning. */
export const secretOf = (typed) => {
  const signs = typed.toUpperCase().replace(/[^0-9A-Z]/g, "").replace(/^AGESECRETKEY1/, "");
  // Four signs that the alphabet of age leaves out, since they are taken for others.
  const meant = signs.replace(/O/g, "0").replace(/[I1]/g, "L").replace(/B/g, "8");
  try {
    const { prefix, bytes } = bech32.decodeToBytes(`${PREFIX}1${meant}`);
    if (prefix.toUpperCase() === PREFIX && bytes.length === 32) return bytes;
  } catch {
    // Told below.
  }
  throw new Refused("identity_wrong");
};

export const recipientOf = (secret) => identityToRecipient(identityText(secret));

export const isRecipient = (recipient) => {
  try {
    const { prefix, bytes } = bech32.decodeToBytes(recipient);
    return prefix === "age" && bytes.length === 32 && recipient === recipient.toLowerCase();
  } catch {
    return false;
  }
};

/** A key from its secret: {secret, identity, recipient}. */
export const keyFromSecret = async (secret) => ({
  secret,
  identity: identityText(secret),
  recipient: await recipientOf(secret),
});
export const newKey = () => keyFromSecret(random(32));

const seedOf = (secret) => derived(secret, "ikrar/sign/v1");
export const verifierOf = async (secret) => hex((await forOfficers()).ed25519.getPublicKey(seedOf(secret)));
export const sign = async (secret, message) => hex((await forOfficers()).ed25519.sign(message, seedOf(secret)));
export const verify = async (verifier, signature, message) => {
  const { ed25519 } = await forOfficers(); // what does not load is no false signature
  try {
    return ed25519.verify(fromHex(signature), message, fromHex(verifier), { zip215: false });
  } catch {
    return false;
  }
};

/** What the owner of a new key signs with it. */
export const proofMessage = (body, user, recipient) => utf8(`ikrar/officer-key/v1\n${body}\n${user}\n${recipient}\n`);

// --- seals ---------------------------------------------------------------------------------------------------------

/** Seal bytes, a text or a stream to recipients. Bytes come back as bytes, a stream as a stream. */
export const seal = async (content, to) => {
  if (!to.length) throw new Refused("sealed_to_nobody");
  const age = new Encrypter();
  for (const recipient of to) {
    if (!isRecipient(recipient)) throw new Refused("recipient_wrong", { recipient });
    age.addRecipient(recipient);
  }
  return age.encrypt(content);
};

/** Open sealed bytes or a stream with an identity text. */
export const unseal = async (sealed, identity) => {
  const age = new Decrypter();
  age.addIdentity(identity);
  try {
    return await age.decrypt(sealed);
  } catch {
    throw new Refused("seal_broken");
  }
};

const STEP = 1024;

/** Write a document as JSON, filled with blanks to the next power of two from 1,024 bytes on. */
export const padded = (document) => {
  const written = utf8(JSON.stringify(document));
  let size = STEP;
  while (size < written.length) size *= 2;
  const out = new Uint8Array(size).fill(0x20);
  out.set(written);
  return out;
};
export const unpadded = (bytes) => JSON.parse(text(bytes));

// --- words ---------------------------------------------------------------------------------------------------------

const oneSlip = (one, other) => {
  const [long, short] = one.length < other.length ? [other, one] : [one, other];
  let start = 0;
  while (start < short.length && long[start] === short[start]) start += 1;
  if (long.length > short.length) return long.slice(start + 1) === short.slice(start);
  const swapped =
    long.slice(start, start + 2) === [...short.slice(start, start + 2)].reverse().join("") &&
    long.slice(start + 2) === short.slice(start + 2);
  return long.slice(start + 1) === short.slice(start + 1) || swapped;
};

/** Read words of the list as somebody types them: any case, signs between, the first four letters suffice. */
const typedWords = async (typed) => {
  const words = await listed();
  const known = new Set(words);
  const byFour = new Map(words.map((word) => [word.slice(0, 4), word]));
  return (typed.slice(0, 400).toLowerCase().match(/[a-z]+/g) || []).map((word) => {
    if (known.has(word)) return word;
    const begun = byFour.get(word.slice(0, 4));
    if (begun && begun.startsWith(word)) return begun;
    const near = words.filter((each) => Math.abs(each.length - word.length) < 2 && oneSlip(each, word));
    throw new Refused("return_code_wrong", { word: word.slice(0, 20), meant: near.length === 1 ? near[0] : "" });
  });
};

const PASSPHRASE_WORDS = 7;
const SCRYPT_LOG_N = 16;

/** Make a passphrase: seven words of 1,024, 70 bits. */
export const newPassphrase = async () => {
  const words = await listed();
  return Array.from(new Uint16Array(random(2 * PASSPHRASE_WORDS).buffer), (each) => words[each & 1023]).join(" ");
};

/** Read a passphrase as it was typed. Refused: a word that is none of the list, or another count. */
export const readPassphrase = async (typed) => {
  const words = await typedWords(typed);
  if (words.length !== PASSPHRASE_WORDS) throw new Refused("passphrase_wrong", { count: words.length });
  return words.join(" ");
};

/** Seal a secret key under a passphrase: an armoured age file, which any age tool opens. */
export const wrap = async (secret, passphrase, logN = SCRYPT_LOG_N) => {
  const { armor } = await forOfficers();
  const age = new Encrypter();
  age.setScryptWorkFactor(logN);
  age.setPassphrase(passphrase);
  return armor.encode(await age.encrypt(`${identityText(secret)}\n`));
};

/** Open a wrapped key. Refused: passphrase_empty, passphrase_wrong. */
export const unwrap = async (wrapped, typed) => {
  if (!typed.trim()) throw new Refused("passphrase_empty", { count: PASSPHRASE_WORDS });
  const { armor } = await forOfficers();
  const age = new Decrypter();
  age.addPassphrase(await readPassphrase(typed));
  let opened;
  try {
    opened = await age.decrypt(armor.decode(wrapped), "text");
  } catch {
    throw new Refused("passphrase_wrong", { count: PASSPHRASE_WORDS });
  }
  return secretOf(opened);
};

// --- return codes --------------------------------------------------------------------------------------------------

const CODE_WORDS = 9;
const CODE_BITS = 86n;
const CHECK_BITS = 4n;
const WORD_BITS = 10n;

const codeBytes = (value) => fromHex(value.toString(16).padStart(22, "0"));
const checkOf = (value) => {
  const hashed = sha256(Uint8Array.from([...utf8("ikrar/return-code/check/v1\0"), ...codeBytes(value)]));
  return BigInt(hashed[0] >> 4);
};

/** A code: its words, what it is found by (sent to the server), and the secret that opens its mailbox (never sent). */
const codeOf = (value, words) => {
  const whole = (value << CHECK_BITS) | checkOf(value);
  const places = Array.from({ length: CODE_WORDS }, (_, place) => BigInt(CODE_WORDS - 1 - place));
  const shown = places.map((place) => words[Number((whole >> (WORD_BITS * place)) & 1023n)]);
  const bytes = codeBytes(value);
  return {
    words: shown,
    text: shown.join(" "),
    lookup: hex(derived(bytes, "ikrar/return-code/lookup/v1")),
    secret: derived(bytes, "ikrar/return-code/open/v1"),
  };
};

/** Make a return code; `bytes`: eleven random ones, of which 86 bits count. */
export const newReturnCode = async (bytes = random(11)) =>
  codeOf(BigInt(`0x${hex(bytes)}`) & ((1n << CODE_BITS) - 1n), await listed());

/** Read a code as it was typed. Refused: return_code_wrong with word and meant, or with count. */
export const readReturnCode = async (typed) => {
  const words = await listed();
  const values = (await typedWords(typed)).map((word) => BigInt(words.indexOf(word)));
  const whole = values.reduce((sum, value) => (sum << WORD_BITS) | value, 0n);
  const value = whole >> CHECK_BITS;
  if (values.length !== CODE_WORDS || checkOf(value) !== (whole & ((1n << CHECK_BITS) - 1n)))
    throw new Refused("return_code_wrong", { word: "", meant: "", count: values.length });
  return codeOf(value, words);
};

// --- key sets ------------------------------------------------------------------------------------------------------

const SIGNERS = 2;
const LEAST_HOLDERS = 2;
const MOST_HOLDERS = 40;
const HEX_KEY = /^[0-9a-f]{64}$/;
const wrong = (reason) => new Refused("key_set_wrong", { reason });
const written = ({ key, recipient, verifier }) => ({ key, recipient, verifier });

/** Write a set in its one byte form, as a text. */
export const documentOf = (set) =>
  JSON.stringify({
    body: set.body, holders: set.holders.map(written), offline: written(set.offline), on: set.on,
    previous: set.previous, serial: set.serial, v: 1,
  });
export const messageOf = (set) => utf8(`ikrar/key-set/v1\0${documentOf(set)}`);
export const digestOf = (set) => digest(messageOf(set));
/** What people compare with a paper: five groups of four signs. */
export const fingerprintOf = (set) => digestOf(set).slice(0, 20).replace(/(.{4})(?=.)/g, "$1 ");

/** Read a set from its document. */
export const parseSet = (document) => {
  let set;
  try {
    const { body, serial, previous, on, holders, offline } = JSON.parse(document);
    set = { body, serial, previous, on, holders: holders.map(written), offline: written(offline) };
    const keys = [...set.holders, set.offline];
    const numbers = [body, serial, ...keys.map((each) => each.key)];
    const words = [previous, on, ...keys.flatMap((each) => [each.recipient, each.verifier])];
    const isDay = new Date(`${on}T00:00:00Z`).toISOString().slice(0, 10) === on;
    if (!numbers.every(Number.isSafeInteger) || !words.every((each) => typeof each === "string") || !isDay) throw wrong("form");
    if (documentOf(set) !== document) throw wrong("form");
  } catch {
    throw wrong("form");
  }
  return set;
};

const checkForm = (set) => {
  if (set.holders.length < LEAST_HOLDERS || set.holders.length > MOST_HOLDERS) throw wrong("holders");
  const keys = [...set.holders, set.offline];
  if (!keys.every((each) => isRecipient(each.recipient) && HEX_KEY.test(each.verifier))) throw wrong("form");
  for (const part of ["key", "recipient", "verifier"])
    if (new Set(keys.map((each) => each[part])).size !== keys.length) throw wrong("double");
  const sorted = set.holders.every((each, place) => place === 0 || set.holders[place - 1].key < each.key);
  if (set.offline.key !== 0 || !sorted) throw wrong("form");
};

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/** Return the verifiers that signed a set, among those whose signatures count. */
export const signedBy = async (set, before, signatures) => {
  const counts = before ? [before.offline.verifier, ...before.holders.map((each) => each.verifier)] : [set.offline.verifier];
  const by = new Set();
  for (const { verifier, signature } of signatures)
    if (counts.includes(verifier) && (await verify(verifier, signature, messageOf(set)))) by.add(verifier);
  return by;
};

/** Check that a set follows the one before, whoever signed it. Refused: key_set_wrong with its reason. */
export const checkFollows = (set, before) => {
  checkForm(set);
  if (!before) {
    if (set.serial !== 1 || set.previous) throw wrong("chain");
    return;
  }
  const follows = set.body === before.body && set.serial === before.serial + 1 && set.previous === digestOf(before);
  if (!follows || set.on < before.on) throw wrong("chain");
  if (same(set.holders, before.holders) && same(set.offline, before.offline)) throw wrong("unchanged");
};

/** Check one set against the one before it, with its signatures. */
export const checkSet = async (set, before, signatures) => {
  checkFollows(set, before);
  const by = await signedBy(set, before, signatures);
  if (!by.has((before || set).offline.verifier) && by.size < SIGNERS) throw wrong("unsigned");
};

/** Check a chain of {document, signatures} from its first document on; returns the latest set. */
export const checkChain = async (links) => {
  let latest = null;
  for (const { document, signatures } of links) {
    const set = parseSet(document);
    await checkSet(set, latest, signatures);
    latest = set;
  }
  if (!latest) throw wrong("empty");
  return latest;
};

/** Say what a set changes: keys that come, go and stay, and whether its offline key is another. */
export const difference = (set, before) => {
  const old = before ? before.holders : [];
  const within = (holder, holders) => holders.some((each) => same(each, holder));
  return {
    coming: set.holders.filter((each) => !within(each, old)),
    going: old.filter((each) => !within(each, set.holders)),
    staying: set.holders.filter((each) => within(each, old)),
    offlineIsNew: !before || !same(set.offline, before.offline),
  };
};
