#!/usr/bin/env node
import { Interruption } from "../interruption.ts";
import { run } from "../run.ts";

const ended = new AbortController();
// Once: what is begun ends in order, and whoever asks again does not wait for that.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
  process.once(signal, () => ended.abort(new Interruption(signal)));
// What reads the results may have seen enough: drawbar … | head
for (const stream of [process.stdout, process.stderr])
  stream.on("error", () => ended.abort(new Interruption("SIGPIPE")));

const { stderr } = process;
process.exitCode = await run(process.argv.slice(2), {
  cwd: process.cwd(),
  env: process.env,
  signal: ended.signal,
  out: (text) => process.stdout.write(text),
  err: (text) => stderr.write(text),
  stdin: process.stdin,
  terminal: stderr.isTTY === true && process.env["TERM"] !== "dumb",
  colors: process.stdout.isTTY === true && stderr.isTTY === true && stderr.hasColors(),
});
// A terminal or a pipe whose end nobody waits for would keep the process.
process.stdin.destroy();
