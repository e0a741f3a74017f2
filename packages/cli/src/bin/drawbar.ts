#!/usr/bin/env node
import { run } from "../run.ts";

const interrupted = new AbortController();
process.once("SIGINT", () => interrupted.abort());

process.exitCode = await run(process.argv.slice(2), {
  cwd: process.cwd(),
  env: process.env,
  signal: interrupted.signal,
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  stdin: process.stdin,
  terminal: process.stderr.isTTY === true && process.env["NO_COLOR"] === undefined,
});
