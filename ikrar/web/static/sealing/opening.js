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

/** The keys in an officer's envelopes. */
export const keysIn = async (envelopes, own, contentTo) => {
  const keys = {};
  for (const each of envelopes) Object.assign(keys, JSON.parse(text(await unseal(bytesOf(each), own.identity))));
  if ((await recipientOf(secretOf(keys.content))) !== contentTo) throw new Error("another report");
  return keys;
};

/** Whom a report excludes: {keys, names}. A rule that cannot be read is no rule that says nothing: it stops. */
export const ruleIn = async (content, keys) => {
  const { exclude = {} } = unpadded(await unseal(content, keys.content));
  const { keys: excluded = [], names = [] } = exclude;
  if (!Array.isArray(excluded) || !Array.isArray(names)) throw new Error("rule");
  return { keys: excluded, names };
};
