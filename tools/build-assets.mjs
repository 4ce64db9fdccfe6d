// Copies what the browser needs, and the names of the regions, from npm's packages into the product.
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";

const modules = new URL("../node_modules/", import.meta.url).pathname;
const vendor = new URL("../ikrar/web/static/vendor/", import.meta.url).pathname;
const regions = new URL("../ikrar/records/regions/", import.meta.url).pathname;
mkdirSync(vendor, { recursive: true });
mkdirSync(regions, { recursive: true });

const strip = (text) => text.replace(/\n?\/[/*][#@]\s*sourceMappingURL=.*$/gm, "");
const copyText = (from, to) => writeFileSync(to, strip(readFileSync(from, "utf8")));

copyText(`${modules}@picocss/pico/css/pico.min.css`, `${vendor}pico.css`);
copyText(`${modules}htmx.org/dist/htmx.min.js`, `${vendor}htmx.js`);
for (const level of ["provinces", "regencies", "districts", "villages"])
  cpSync(`${modules}idn-area-data/data/${level}.csv`, `${regions}${level}.csv`);
console.log("assets: pico.css, htmx.js, four lists of regions");
