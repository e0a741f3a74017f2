import type { AddCommand } from "./add-command.ts";
import { addBuild } from "./build.ts";

/** The commands, in the order in which the help shows them. */
export const commands: readonly AddCommand[] = [addBuild];
