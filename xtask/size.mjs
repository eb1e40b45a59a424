// How many bytes does the first load of the widget take, and how many the Worker? Fails above the budgets.
//
//   node xtask/size.mjs target/site target/edge
//
// The widget as a browser gets it (brotli): loader, glue, wasm, templates, styles and one locale.
// Files named `later-…` or `picker…` are fetched when an agent asks for them; they are listed apart.
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const WIDGET_BUDGET = 40_000; // brotli; "40 KB", in the stricter reading
const WORKER_BUDGET = 350_000; // gzip; what every isolate loads
const ADMINISTRATION_BUDGET = 350_000; // gzip; the console and the routes behind it

const [site, edge] = process.argv.slice(2);
const files = JSON.parse(readFileSync(path.join(site, "widget/files.json"), "utf8"));

const brotli = (bytes) =>
  brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  }).length;

const measured = [["finestra.js", "finestra.js"], ...Object.entries(files)].map(([logical, name]) => {
  const bytes = readFileSync(path.join(site, "widget", name));
  return { logical, raw: bytes.length, packed: brotli(bytes) };
});
const isLocale = (it) => it.logical.startsWith("locales/");
const isLater = (it) => /(^|\/)(later-|picker)/.test(it.logical);
// The largest locale stands for all: whichever an agent has, the budget holds.
const locale = measured.filter((it) => isLocale(it) && !isLater(it)).sort((a, b) => b.packed - a.packed)[0];
const first = measured.filter((it) => !isLater(it) && (!isLocale(it) || it === locale));
const later = measured.filter((it) => isLater(it));

console.log("The widget's first load (brotli)");
first.forEach(line);
const widget = first.reduce((sum, it) => sum + it.packed, 0);
total("widget", widget, WIDGET_BUDGET);
if (later.length > 0) {
  console.log("\nLoaded when asked for");
  later.forEach(line);
}

const loaded = parts(edge);
const worker = loaded.reduce((sum, it) => sum + it.packed, 0);
console.log("\nThe Worker (gzip)");
loaded.forEach(line);
total("Worker", worker, WORKER_BUDGET);

const asked = parts(path.join(edge, "administration"));
const administration = asked.reduce((sum, it) => sum + it.packed, 0);
console.log("\nLoaded when an administrator asks for something (gzip)");
asked.forEach(line);
total("administration", administration, ADMINISTRATION_BUDGET);

process.exit(widget > WIDGET_BUDGET || worker > WORKER_BUDGET || administration > ADMINISTRATION_BUDGET ? 1 : 0);

function parts(folder) {
  return readdirSync(folder)
    .filter((name) => /\.(js|wasm)$/.test(name))
    .map((name) => {
      const bytes = readFileSync(path.join(folder, name));
      return { logical: name, raw: bytes.length, packed: gzipSync(bytes, { level: 9 }).length };
    });
}

function line({ logical, raw, packed }) {
  console.log(`  ${logical.padEnd(28)} ${number(packed)}   (${number(raw).trim()} raw)`);
}

function total(what, bytes, budget) {
  const verdict = bytes > budget ? `ABOVE its budget of ${budget}` : `of ${budget}`;
  console.log(`  ${`= ${what}`.padEnd(28)} ${number(bytes)}   ${verdict}`);
}

function number(bytes) {
  return String(bytes).padStart(8);
}
