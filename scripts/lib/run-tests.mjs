/**
 * Runs compiled test files with node's test runner in the order given (`node --test` would sort them), and
 * ends with its closing lines. There is one more at a time than the machine has cores: now and then a test waits.
 *
 *   node scripts/lib/run-tests.mjs TIMEOUT_MS FILE…
 *
 * A file that takes longer than TIMEOUT_MS fails, so that nothing hangs for ever.
 */
import { availableParallelism } from "node:os";
import { run } from "node:test";
import { spec } from "node:test/reporters";

const [timeoutMs, ...files] = process.argv.slice(2);

const stream = run({ files, concurrency: availableParallelism() + 1, timeout: Number(timeoutMs) });
stream.on("test:fail", () => {
  process.exitCode = 1;
});
stream.compose(spec).pipe(process.stdout);
