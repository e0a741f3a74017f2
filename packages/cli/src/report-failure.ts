import { isDrawbarError, toError } from "@drawbar/io";
import type { CommandContext } from "./command-context.ts";
import { CommandError } from "./command-error.ts";
import { exitCode } from "./exit-code.ts";
import { asSystemError } from "./system-error.ts";
import { UsageError } from "./usage-error.ts";

/** Says why a command failed, as JSON if that is wanted, and returns the exit code. */
export function reportFailure(failure: unknown, context: CommandContext, json: boolean): number {
  const error = asSystemError(failure) ?? toError(failure);
  const ours = isDrawbarError(error);
  const { message, stack } = error;
  if (json) {
    const { code, facts } = ours ? error : { code: "internal", facts: {} };
    context.out(`${JSON.stringify({ error: { code, message, facts } }, null, 2)}\n`);
  }
  const name = context.colors ? "\u001b[31mdrawbar:\u001b[39m" : "drawbar:";
  // What is not one of ours is a fault of the program: its stack helps to mend it.
  if (!ours) context.err(`${name} this is a fault of drawbar: ${stack ?? message}\n`);
  else if (!json) context.err(`${name} ${message}\n`);
  if (error instanceof CommandError) return error.exitCode;
  return error instanceof UsageError ? exitCode.usage : exitCode.failed;
}
