// Is the site assembled as the loader, the caches and the pages expect?
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";

const folder = mkdtempSync(path.join(tmpdir(), "finestra-site-"));
after(() => rmSync(folder, { recursive: true }));

const LOADER = "const FILES = __FINESTRA_FILES__;\nexport const url = (name) => FILES[name];\n";

function put(file, text) {
  mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
  writeFileSync(path.join(folder, file), text);
}

function assemble() {
  const script = fileURLToPath(new URL("site.mjs", import.meta.url));
  execFileSync(process.execPath, [script, "www", "widget", "site"], { cwd: folder, stdio: "pipe" });
  return JSON.parse(read("widget/files.json"));
}

const read = (file) => readFileSync(path.join(folder, "site", file), "utf8");
const exists = (file) => statSync(path.join(folder, "site", file), { throwIfNoEntry: false }) !== undefined;

put("www/widget/finestra.js", LOADER);
put("www/widget/thread.html", "<template>\n  <!-- why -->\n  <p>a <b>b</b></p>\n</template>\n");
put("www/widget/thread.css", "p {\n  color: red;\n}\n");
put("www/locales/en.json", '{\n  "closed": "Closed"\n}\n');
put("www/demo/index.html", "<p>demo</p>\n");
put("www/locales/console-en.json", '{\n  "save": "Save"\n}\n');
const exported = ["heard", "mount", "received", "tick", "unmount"].map((name) => `export const ${name} = () => 1;\n`);
put("widget/finestra.js", `${exported.join("")}export default function () {\n  return 1;\n}\n`);
put("widget/finestra.wasm", "\0asm\x01\0\0\0");

test("the loader knows every file of the widget by its hashed name", async () => {
  const files = assemble();
  assert.deepEqual(Object.keys(files), [
    "finestra.wasm",
    "finestra_glue.js",
    "locales/en.json",
    "thread.css",
    "thread.html",
  ]);
  assert.match(files["locales/en.json"], /^locales\/en\.[0-9a-f]{10}\.json$/);
  const loader = await import(path.join(folder, "site/widget/finestra.js"));
  for (const [logical, name] of Object.entries(files)) {
    assert.equal(loader.url(logical), name);
    assert.ok(exists(`widget/${name}`), `${name} is missing`);
  }
});

test("what is not needed is not shipped, and what can be seen is", () => {
  const files = assemble();
  assert.equal(read(`widget/${files["thread.html"]}`), "<template>\n<p>a <b>b</b></p>\n</template>");
  assert.equal(read(`widget/${files["thread.css"]}`).trim(), "p{color:red}");
  assert.equal(read("demo/index.html"), "<p>demo</p>");
});

test("a changed file gets a new name, the old one goes, the others are not touched", () => {
  const before = assemble();
  const long_ago = new Date(0);
  utimesSync(path.join(folder, "site/demo/index.html"), long_ago, long_ago);
  put("www/widget/thread.css", "p { color: blue }");
  const now = assemble();
  assert.notEqual(now["thread.css"], before["thread.css"]);
  assert.equal(now["thread.html"], before["thread.html"]);
  assert.ok(!exists(`widget/${before["thread.css"]}`));
  assert.equal(statSync(path.join(folder, "site/demo/index.html")).mtimeMs, 0);
});

test("a loader without its placeholder is refused", () => {
  put("www/widget/finestra.js", "export {};");
  assert.throws(assemble, /__FINESTRA_FILES__ exactly once/);
  put("www/widget/finestra.js", LOADER);
});

test("the console's words keep their name, which the Worker knows", () => {
  assemble();
  assert.equal(read("locales/console-en.json"), '{"save":"Save"}');
});
