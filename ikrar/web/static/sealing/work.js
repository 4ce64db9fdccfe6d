// Looks for the number that solves a challenge, away from the page (services/scripted.py says what solves it).
import { sha256 } from "../vendor/age-seal.js";

const encoder = new TextEncoder();

onmessage = ({ data: { text, lookup, bits } }) => {
  const begun = `${text}.${lookup}.`;
  // What all tries share is hashed once.
  const shared = sha256.create().update(encoder.encode(begun));
  for (let number = 0; ; number += 1) {
    const hash = shared.clone().update(encoder.encode(`${number}`)).digest();
    const head = ((hash[0] << 24) | (hash[1] << 16) | (hash[2] << 8) | hash[3]) >>> 0;
    if (Math.clz32(head) >= bits) {
      postMessage(number);
      return;
    }
  }
};
