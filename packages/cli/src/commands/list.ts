import type { Command } from "commander";
import type { CommandContext } from "../command-context.ts";
import { addProjectFlags, openProject, type ProjectFlags } from "../installed/project-flags.ts";

export function addList(program: Command, context: CommandContext): void {
  const command = program
    .command("list")
    .summary("show what is installed")
    .description(
      "Show the plugins that are installed for this platform; those of the lock file have a star.",
    );
  addProjectFlags(command)
    .addHelpText("after", "\nExamples:\n  drawbar list\n  drawbar list --json\n")
    .action(async (flags: ProjectFlags) => {
      const listed = await (await openProject(flags, context)).list();
      const lines = listed.map(
        ({ name, version, program: path, locked }) => `${locked ? "*" : " "} ${name} ${version} ${path}\n`,
      );
      if (listed.length === 0 && !flags.json) context.err("nothing is installed\n");
      context.out(flags.json ? `${JSON.stringify(listed, null, 2)}\n` : lines.join(""));
    });
}
