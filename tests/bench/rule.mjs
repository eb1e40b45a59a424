// How many decisions of the rule a second, in WASM and in JavaScript that only compares two times?
//
//   node tests/bench/rule.mjs target/wasm32-unknown-unknown/widget/rule.wasm
//
// Prints JSON, decisions a second for each measurement: {"wasm":[…],"comparison":[…]}. The comparison is
// no rule (no consent, no template, no text, no margin's bounds): it is what the window alone would cost.
import { readFileSync } from "node:fs";

const MEASUREMENTS = 6;
const ROUNDS = 200_000;
const QUESTIONS = 4;

const { instance } = await WebAssembly.instantiate(readFileSync(process.argv[2]), {});

const open = (last, margin, now) => now < last + 86_400_000 - margin;
function compare(rounds) {
  let yes = 0;
  for (let round = 0; round < rounds; round += 1) {
    // Times that differ, lest the loop be computed once.
    for (let question = 0; question < QUESTIONS; question += 1) yes += open(round, 15_000, question % 2 ? round + 90_000_000 : round + 1);
  }
  return yes;
}

function measured(decide) {
  const figures = [];
  for (let measurement = 0; measurement < MEASUREMENTS; measurement += 1) {
    const started = performance.now();
    const yes = decide(ROUNDS);
    const seconds = (performance.now() - started) / 1000;
    if (yes !== 2 * ROUNDS) throw new Error(`yes ${yes} times, not ${2 * ROUNDS}`);
    if (measurement > 0) figures.push((ROUNDS * QUESTIONS) / seconds);
  }
  return figures;
}

process.stdout.write(JSON.stringify({ wasm: measured(instance.exports.decide), comparison: measured(compare) }));
