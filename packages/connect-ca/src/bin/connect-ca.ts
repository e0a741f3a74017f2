#!/usr/bin/env node
import { connectCa, connectCaUsage } from "../cli/connect-ca.ts";
import { runProgram } from "./run-program.ts";

await runProgram("connect-ca", connectCaUsage, () =>
  connectCa({
    argv: process.argv.slice(2),
    write: (text) => void process.stdout.write(text),
    warn: (text) => void process.stderr.write(`connect-ca: warning: ${text}\n`),
    untilInterrupted,
  }),
);

function untilInterrupted(): AbortSignal {
  const interrupt = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => interrupt.abort());
  return interrupt.signal;
}
