#!/usr/bin/env node
// How does the Worker get small? worker-build calls this in place of wasm-bindgen: the module is
// optimised before wasm-bindgen adds its exception handling, which the passes that do most cannot read.
// What is not about a module is handed through.
//
// Environment: BINDGEN and WASM_OPT (the real ones), WASM_PASSES (what wasm-opt is told).
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

const { BINDGEN, WASM_OPT, WASM_PASSES } = process.env;
const given = process.argv.slice(2);
const run = (program, args) => execFileSync(program, args, { stdio: "inherit" });

const module = given.findIndex((argument) => argument.endsWith(".wasm"));
if (module < 0) {
  run(BINDGEN, given);
} else {
  const folder = mkdtempSync(join(tmpdir(), "worker-"));
  try {
    const small = join(folder, basename(given[module]));
    run(WASM_OPT, [given[module], ...WASM_PASSES.split(/\s+/), "-o", small]);
    run(BINDGEN, given.with(module, small));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
