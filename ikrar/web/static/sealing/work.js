// Looks for the number that solves a challenge, away from the page where the browser can (services/scripted.py says what solves it).
import { sha256 } from "../vendor/age-seal.js";

const encoder = new TextEncoder();

/** Begin to look; what is returned tries so many numbers more, and returns the one that solves it, or null. */
export const search = ({ text, lookup, bits }) => {
  // What all tries share is hashed once.
  const shared = sha256.create().update(encoder.encode(`${text}.${lookup}.`));
  let number = -1;
  return (count) => {
    for (let left = count; left > 0; left -= 1) {
      number += 1;
      const hash = shared.clone().update(encoder.encode(`${number}`)).digest();
      const head = ((hash[0] << 24) | (hash[1] << 16) | (hash[2] << 8) | hash[3]) >>> 0;
      if (Math.clz32(head) >= bits) return number;
    }
    return null;
  };
};

if (typeof WorkerGlobalScope !== "undefined") onmessage = ({ data }) => postMessage(search(data)(Infinity));
