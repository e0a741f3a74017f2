#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { inspect } from "@drawbar/gob";

const [file, ...rest] = process.argv.slice(2);
if (file === undefined || rest.length > 0) {
  process.stderr.write(
    "usage: gob-dump FILE\n\nPrints a gob stream in readable form; FILE may be - for standard input.\n",
  );
  process.exitCode = 2;
} else {
  dump(file);
}

function dump(path: string): void {
  try {
    process.stdout.write(inspect(readFileSync(path === "-" ? 0 : path)));
  } catch (error) {
    process.stderr.write(`gob-dump: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
