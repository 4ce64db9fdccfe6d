// Opening a report in an officer's browser, and the rule inside it: what re-sealing and copies share.
import { keyFromSecret, recipientOf, secretOf, text, unpadded, unseal, unwrap } from "./core.js";

export const bytesOf = (base64) => Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
export const base64Of = (bytes) => {
  let out = "";
  for (let start = 0; start < bytes.length; start += 8192) out += String.fromCharCode(...bytes.subarray(start, start + 8192));
  return btoa(out);
};

/** The officer's own key, which must be the one that the page is about. */
export const ownKey = async ({ wrapped, recipient }, typed) => {
  const own = await keyFromSecret(await unwrap(wrapped, typed));
  if (own.recipient !== recipient) throw new Error("another key");
  return own;
};

/** The keys in those of the envelopes that a key opens: an offline key of former days opens not all of them. */
export const keysIn = async (envelopes, own, contentTo) => {
  const keys = {};
  for (const each of envelopes) {
    try {
      Object.assign(keys, JSON.parse(text(await unseal(bytesOf(each), own.identity))));
    } catch {
      // Sealed to another key.
    }
  }
  if (!keys.content || (await recipientOf(secretOf(keys.content))) !== contentTo) throw new Error("another report");
  return keys;
};

/** Whom a report excludes: {keys, names}. A rule that cannot be read is no rule that says nothing: it stops. */
export const ruleIn = async (content, keys) => ruleOf(unpadded(await unseal(content, keys.content)));

export const ruleOf = ({ exclude = {} }) => {
  const { keys: excluded = [], names = [] } = exclude;
  if (!Array.isArray(excluded) || !Array.isArray(names)) throw new Error("rule");
  return { keys: excluded, names };
};
