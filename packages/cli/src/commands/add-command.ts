import type { Command } from "commander";
import type { CommandContext } from "../command-context.ts";

/** Adds a command to the program. A command throws to fail; its message is shown without a stack. */
export type AddCommand = (program: Command, context: CommandContext) => void;
