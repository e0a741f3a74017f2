import { parseArgs } from "node:util";
import { UsageError } from "./say.mjs";

export const benchUsage = `usage: npm run bench [-- OPTIONS]

Measures drawbar and its peers in one run and prints a table. Let nothing else run meanwhile.

  --quick      less than 50 seconds instead of some ten minutes, for a rough answer; leaves out the figures
               memory.growth_*, which take a million calls and ten thousand connections
  --only TEXT  the figures whose names contain TEXT
  --json       ends with one line of JSON
  --help       this text`;

/** What the command line asks for. Throws a UsageError for anything that it does not know. */
export function benchOptions(args) {
  const flag = { type: "boolean", default: false };
  const options = { quick: flag, json: flag, help: flag, only: { type: "string", default: "" } };
  try {
    return parseArgs({ args, options }).values;
  } catch (error) {
    if (!error.code?.startsWith("ERR_PARSE_ARGS")) throw error;
    // Its second sentence tells how to pass an operand, which there are none of.
    throw new UsageError(error.message.split(/\. |\n/)[0], benchUsage);
  }
}

/** Throws a UsageError, which names them all, if --only leaves none of the figures. */
export function checkOnly({ only, quick }, names) {
  if (names.some((name) => name.includes(only))) return;
  const run = quick ? "a quick run" : "the run";
  throw new UsageError(
    `no figure of ${run} has "${only}" in its name. There are:\n  ${names.join("\n  ")}`,
    benchUsage,
  );
}
