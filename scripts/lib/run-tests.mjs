/**
 * Runs compiled test files with node's test runner, two at a time, in the order given (`node --test`
 * would sort them), and ends with its closing lines. Started by test.mjs with --test-timeout, which
 * node hands on to every file's own process.
 */
import { run } from "node:test";
import { spec } from "node:test/reporters";

// A file may first have to wait for its peers to be built; the tests in it have less time.
const fileTimeoutMs = 15 * 60_000;

const stream = run({ files: process.argv.slice(2), concurrency: 2, timeout: fileTimeoutMs });
stream.on("test:fail", () => {
  process.exitCode = 1;
});
stream.compose(spec).pipe(process.stdout);
