// What does a browser load, and under which name? Assembles the site from www/ and the compiled widget.
//
//   node xtask/site.mjs www target/module target/site
//
// /widget/finestra.js is the one stable address, embedded in customers' pages and cached briefly. Every
// other file of the widget has a hash of its content in its name, so that it may be cached for ever; the
// loader learns the names from a JSON object put in the place of __FINESTRA_FILES__: logical name
// ("finestra.wasm", "finestra_glue.js", "thread.html", "locales/en.json") to the name below /widget/.
// The rest of www/ is copied under its own names. Files that did not change are not touched, files that
// nothing asks for any more are removed.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { build, transform } from "esbuild";
import { shortened } from "./imports.mjs";

const [www, widget, site] = process.argv.slice(2);
const target = ["chrome111", "firefox111", "safari16.4"];
const LOADER = "widget/finestra.js";
const PLACEHOLDER = "__FINESTRA_FILES__";

const out = new Map(); // path below the site → bytes
const files = {}; // logical name → name below /widget/

for (const file of list(www)) {
  if (file === LOADER) continue;
  const bytes = readFileSync(path.join(www, file));
  if (file.startsWith("widget/") && !file.endsWith(".d.ts")) hashed(file.slice("widget/".length), await minified(file, bytes));
  // The console's words are read by the Worker, under the name it knows.
  else if (file.startsWith("locales/console-")) out.set(file, await minified(file, bytes));
  else if (file.startsWith("locales/")) hashed(file, await minified(file, bytes));
  else out.set(file, await minified(file, bytes));
}
await compiled();
await loader();
write();

async function compiled() {
  const source = path.join(widget, "finestra.js");
  if (!existsSync(source)) return;
  const { module, glue } = shortened(readFileSync(path.join(widget, "finestra.wasm")), readFileSync(source, "utf8"));
  hashed("finestra.wasm", module);
  const bundled = await build({
    // What the loader uses of the glue, and nothing else of it.
    stdin: {
      contents: 'export { default, heard, mount, received, tick, unmount } from "glue";',
      resolveDir: widget,
    },
    plugins: [{ name: "glue", setup: (it) => given(it, glue) }],
    bundle: true, // wasm-bindgen puts snippets beside its glue
    minify: true,
    drop: ["console"], // its advice for developers of other loaders
    format: "esm",
    target,
    write: false,
    legalComments: "none",
    logOverride: { "duplicate-object-key": "silent" }, // a module that is imported from twice is named twice
  });
  hashed("finestra_glue.js", bundled.outputFiles[0].contents);
}

function given(it, contents) {
  it.onResolve({ filter: /^glue$/ }, () => ({ path: "glue", namespace: "given" }));
  it.onLoad({ filter: /.*/, namespace: "given" }, () => ({ contents, resolveDir: path.resolve(widget) }));
}

async function loader() {
  const source = path.join(www, LOADER);
  if (!existsSync(source)) return;
  const text = readFileSync(source, "utf8");
  if (text.split(PLACEHOLDER).length !== 2) {
    throw new Error(`${source} must contain ${PLACEHOLDER} exactly once`);
  }
  const sorted = Object.fromEntries(Object.entries(files).sort());
  out.set(LOADER, await minified(LOADER, text.replace(PLACEHOLDER, () => JSON.stringify(sorted))));
  // For what runs outside the page: sizes, preload hints, tests.
  out.set("widget/files.json", JSON.stringify(sorted));
}

function hashed(name, bytes) {
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 10);
  const { dir, name: stem, ext } = path.posix.parse(name);
  // Static hosting answers `.html` with a redirect to the name without it: a round trip for nothing.
  files[name] = path.posix.join(dir, `${stem}.${hash}${ext.replace("html", "htm")}`);
  out.set(`widget/${files[name]}`, bytes);
}

async function minified(file, bytes) {
  const text = () => bytes.toString("utf8");
  switch (path.extname(file)) {
    case ".js":
    case ".mjs":
    case ".css": {
      const loader = file.endsWith(".css") ? "css" : "js";
      return (await transform(text(), { loader, minify: true, target, legalComments: "none", sourcefile: file })).code;
    }
    case ".json":
      return JSON.stringify(JSON.parse(text()));
    case ".html":
      return html(text());
    default:
      return bytes;
  }
}

// Comments and indentation only. Line ends stay: between inline elements they are a space to be seen.
function html(text) {
  if (/<(pre|textarea)[\s>][^<]*\n/i.test(text)) return text;
  return text
    .replace(/<!--[\s\S]*?-->/g, "")
    .replace(/[ \t]*\n\s*/g, "\n")
    .trim();
}

function write() {
  for (const [file, bytes] of out) {
    const to = path.join(site, file);
    if (existsSync(to) && readFileSync(to).equals(Buffer.from(bytes))) continue;
    mkdirSync(path.dirname(to), { recursive: true });
    writeFileSync(to, bytes);
  }
  for (const file of list(site)) if (!out.has(file)) rmSync(path.join(site, file));
}

function list(folder, below = "") {
  const here = path.join(folder, below);
  if (!existsSync(here)) return [];
  return readdirSync(here)
    .sort()
    .flatMap((name) => {
      const file = path.posix.join(below, name);
      return statSync(path.join(folder, file)).isDirectory() ? list(folder, file) : [file];
    });
}
