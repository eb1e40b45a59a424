// Gives the built Worker's module and its glue the same short names: see imports.mjs.
// node xtask/worker-names.mjs FOLDER
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { shortened } from "./imports.mjs";

const at = (name) => join(process.argv[2], name);
const { module, glue } = shortened(readFileSync(at("index_bg.wasm")), readFileSync(at("index.js"), "utf8"));
writeFileSync(at("index_bg.wasm"), module);
writeFileSync(at("index.js"), glue);
