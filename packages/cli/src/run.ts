import { Command, CommanderError } from "commander";
import type { CommandContext } from "./command-context.ts";
import { commands } from "./commands/index.ts";
import { endedExitCode, exitCode } from "./exit-code.ts";
import { ownVersion } from "./package-root.ts";
import { reportFailure } from "./report-failure.ts";
import { UsageError } from "./usage-error.ts";

/**
 * Runs the `drawbar` command line and resolves with its exit code.
 * @param args what follows the program's name
 */
export async function run(args: readonly string[], context: CommandContext): Promise<number> {
  const program: Command = new Command("drawbar")
    .description("Make, build, sign, install, call and examine plugins.")
    .version(ownVersion(), "-V, --version", "print the version of drawbar")
    .configureOutput({
      writeOut: context.out,
      writeErr: context.err,
      getOutHasColors: () => context.colors,
      getErrHasColors: () => context.colors,
      // Told by reportFailure, as everything that goes wrong.
      outputError: () => {},
    })
    .configureHelp({ styleTitle: (title) => `\u001b[1m${title}\u001b[22m` })
    .exitOverride()
    .enablePositionalOptions()
    .addHelpText("afterAll", ({ command }) => (command === program ? `\n${exitCodes}` : exitCodes));
  for (const add of commands) add(program, context);
  for (const option of program.commands.flatMap((command) => command.options))
    if (Array.isArray(option.defaultValue)) option.defaultValueDescription = "none";
  try {
    await program.parseAsync(args, { from: "user" });
    return exitCode.ok;
  } catch (error) {
    if (context.signal.aborted) return endedExitCode(context.signal.reason);
    const command = program.commands.find((one) => one.name() === args.find((word) => !word.startsWith("-")));
    if (!(error instanceof CommanderError))
      return reportFailure(error, context, command?.opts()["json"] === true);
    if (error.exitCode === 0) return exitCode.ok;
    // Help in answer to nothing at all has been printed.
    if (error.code === "commander.help") return exitCode.usage;
    return reportFailure(wrongUsage(error, command), context, args.includes("--json"));
  }
}

const exitCodes = `Exit codes: 0 done, 1 failed, 2 wrong command line; ended by a signal: 128 and its
number, as 130 after Ctrl-C.
`;

function wrongUsage({ message }: CommanderError, command: Command | undefined): UsageError {
  const [what = "", ...suggestion] = message.replace(/^error: /, "").split("\n");
  const help = ["drawbar", ...(command === undefined ? [] : [command.name()]), "--help"].join(" ");
  const hints = suggestion.map((line) => line.replace(/^\((.*)\)$/, "$1"));
  return new UsageError([`${what.replace(/\.$/, "")}; see ${help}`, ...hints].join("\n"));
}
