// Copies what the browser needs, and the names of the regions, from npm's packages into the product.
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { build } from "esbuild";

const root = new URL("../", import.meta.url).pathname;
const modules = `${root}node_modules/`;
const vendor = `${root}ikrar/web/static/vendor/`;
const regions = `${root}ikrar/records/regions/`;
mkdirSync(vendor, { recursive: true });
mkdirSync(regions, { recursive: true });

const strip = (text) => text.replace(/\n?\/[/*][#@]\s*sourceMappingURL=.*$/gm, "");
const copyText = (from, to) => writeFileSync(to, strip(readFileSync(from, "utf8")));

copyText(`${modules}@picocss/pico/css/pico.min.css`, `${vendor}pico.css`);
copyText(`${modules}htmx.org/dist/htmx.min.js`, `${vendor}htmx.js`);
for (const level of ["provinces", "regencies", "districts", "villages"])
  cpSync(`${modules}idn-area-data/data/${level}.csv`, `${regions}${level}.csv`);

// Kinds of age recipients that nothing here uses (post-quantum and hardware keys) would triple what a reporter loads.
const unused = {
  name: "unused",
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^@noble\/(post-quantum\/hybrid|curves\/nist)\.js$/ }, ({ path }) => ({ path, namespace: "unused" }));
    onLoad({ filter: /.*/, namespace: "unused" }, () => ({
      contents: "export const MLKEM768P256 = undefined, MLKEM768X25519 = undefined, p256 = undefined;",
    }));
  },
};
// Fixed names, no map: static files are named by their content when they are collected.
const bundle = (name, contents, more = {}) =>
  build({
    stdin: { contents, resolveDir: root, sourcefile: name },
    outfile: `${vendor}${name}`,
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2020",
    legalComments: "inline",
    banner: { js: "/*! Licences of what is in here: LICENCES.txt beside this file. */" },
    plugins: [unused],
    logLevel: "error",
    ...more,
  });
// What a reporter's browser needs: sealing, opening its own mailbox, hashes.
await bundle("age-seal.js", `
  export { Decrypter, Encrypter, identityToRecipient } from "age-encryption";
  export { bech32 } from "@scure/base";
  export { hkdf } from "@noble/hashes/hkdf.js";
  export { hmac } from "@noble/hashes/hmac.js";
  export { sha256 } from "@noble/hashes/sha2.js";
`);
// What officers need besides: signatures and the armour of a wrapped key.
await bundle("age.js", `
  export { armor } from "age-encryption";
  export { ed25519, x25519 } from "@noble/curves/ed25519.js";
`, { footer: { js: 'export * from "./age-seal.js";' } });
await bundle("qr.js", `export { encodeQR } from "qr";`);

// What is bundled goes on under its own licences.
const licensed = ["age-encryption", "@noble/ciphers", "@noble/curves", "@noble/hashes", "@scure/base", "qr"];
const licence = (name) => `${name}\n\n${readFileSync(`${modules}${name}/LICENSE`, "utf8").trim()}\n`;
writeFileSync(`${vendor}LICENCES.txt`, licensed.map(licence).join(`\n${"-".repeat(72)}\n\n`));

// The words of return codes and passphrases, from the one list that there is.
const source = readFileSync(`${root}ikrar/domain/code_words.py`, "utf8");
const words = source.match(/^WORDS[^"]*"""([^"]*)"""/m)[1].trim().split(/\s+/);
if (words.length !== 1024) throw new Error(`${words.length} words`);
writeFileSync(`${vendor}code-words.js`, `export default "${words.join(" ")}".split(" ");\n`);
console.log("assets: pico.css, htmx.js, age-seal.js, age.js, qr.js, code-words.js, four lists of regions");
