import type { CommandContext } from "../command-context.ts";
import type { ProjectFlags } from "./project-flags.ts";

/** Says that there was nothing to work on, where a person would wonder at silence. */
export function tellEmpty(results: readonly unknown[], flags: ProjectFlags, context: CommandContext): void {
  if (results.length > 0 || flags.json) return;
  context.err(`${flags.lockFile} has no plugins; install one: drawbar install NAME SOURCE\n`);
}
