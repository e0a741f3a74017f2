import type { Command, Option } from "commander";

/** What can follow each command, out of the program's own description. */
export interface CommandWords {
  readonly name: string;
  readonly description: string;
  readonly options: readonly OptionWords[];
  /** What its first argument can be, where that is one of a few words. */
  readonly choices: readonly string[];
}

export interface OptionWords {
  /** With its dashes. */
  readonly long: string;
  /** With its dash. */
  readonly short: string | undefined;
  readonly description: string;
  readonly takesValue: boolean;
  /** What its value can be, where that is one of a few words. */
  readonly choices: readonly string[];
}

/** The commands in the order of the help, and `help` after them. */
export function completionWords(program: Command): readonly CommandWords[] {
  const commands = program.commands.map((command) => ({
    name: command.name(),
    description: command.summary() || command.description(),
    options: command.options.flatMap(optionWords),
    choices: command.registeredArguments[0]?.argChoices ?? [],
  }));
  const choices = commands.map(({ name }) => name);
  return [...commands, { name: "help", description: "show the help of a command", options: [], choices }];
}

function optionWords({ long, short, description, required, optional, argChoices }: Option): OptionWords[] {
  if (!long) return [];
  const first = description.split(/[(:;]/)[0]?.trim() ?? "";
  return [{ long, short, description: first, takesValue: required || optional, choices: argChoices ?? [] }];
}
