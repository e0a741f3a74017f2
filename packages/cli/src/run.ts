import { isDrawbarError, toError } from "@drawbar/io";
import { Command, CommanderError } from "commander";
import type { CommandContext } from "./command-context.ts";
import { CommandError } from "./command-error.ts";
import { commands } from "./commands/index.ts";
import { exitCode } from "./exit-code.ts";
import { UsageError } from "./usage-error.ts";

/**
 * Runs the `drawbar` command line and resolves with its exit code.
 * @param args what follows the program's name
 */
export async function run(args: readonly string[], context: CommandContext): Promise<number> {
  const program = new Command("drawbar")
    .description("Make, build, sign, install, call and examine plugins.")
    .configureOutput({ writeOut: context.out, writeErr: context.err })
    .exitOverride()
    .enablePositionalOptions()
    .showHelpAfterError("(drawbar --help shows what there is)")
    .addHelpText("after", exitCodes);
  for (const add of commands) add(program, context);
  try {
    await program.parseAsync(args, { from: "user" });
    return exitCode.ok;
  } catch (error) {
    return report(error, context, args.includes("--json"));
  }
}

const exitCodes = "\nExit codes: 0 done, 1 failed, 2 wrong command line, 130 interrupted.\n";

function report(error: unknown, context: CommandContext, json: boolean): number {
  // Commander has printed its own message, and help is no failure.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.ok : exitCode.usage;
  if (context.signal.aborted) return exitCode.interrupted;
  const ours = isDrawbarError(error);
  const { message, stack } = toError(error);
  if (json && ours) {
    const { code, facts } = error;
    context.out(`${JSON.stringify({ error: { code, message, facts } }, null, 2)}\n`);
  } else {
    // What is not one of ours is a fault of the program: its stack helps to mend it.
    context.err(`drawbar: ${ours ? message : (stack ?? message)}\n`);
  }
  if (error instanceof CommandError) return error.exitCode;
  return error instanceof UsageError ? exitCode.usage : exitCode.failed;
}
