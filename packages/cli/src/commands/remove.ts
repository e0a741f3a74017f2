import type { Command } from "commander";
import type { CommandContext } from "../command-context.ts";
import { addProjectFlags, openProject, type ProjectFlags } from "../installed/project-flags.ts";

export function addRemove(program: Command, context: CommandContext): void {
  const command = program
    .command("remove")
    .summary("take a plugin away")
    .description(
      "Take a plugin out of the lock file and remove its versions of this platform. What was fetched stays in the cache.",
    )
    .argument("<name>", "the plugin");
  addProjectFlags(command)
    .addHelpText("after", "\nExample:\n  drawbar remove kv\n")
    .action(async (name: string, flags: ProjectFlags) => {
      const removed = await (await openProject(flags, context)).remove(name);
      const lines = removed.map(({ version }) => `${name} ${version} removed\n`);
      const text = lines.length === 0 ? `${name} removed from the lock file\n` : lines.join("");
      context.out(flags.json ? `${JSON.stringify(removed, null, 2)}\n` : text);
    });
}
