import { parseArgs } from "node:util";
import { fuzzDecoder } from "./fuzz-decoder.ts";

// npm run fuzz -w packages/gob -- --runs 1000000 --seed 7
const { values } = parseArgs({ options: { runs: { type: "string" }, seed: { type: "string" } } });
const runs = Number(values.runs ?? 1_000_000);
const seed = Number(values.seed ?? Date.now() % 2 ** 31);

const started = performance.now();
const report = fuzzDecoder(runs, seed);
const seconds = (performance.now() - started) / 1000;
const megabytes = Math.round(process.memoryUsage().rss / 1e6);
console.log(JSON.stringify({ seed, ...report, seconds, residentMegabytes: megabytes }, undefined, 2));
