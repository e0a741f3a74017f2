import type { CheckedPlugin } from "@drawbar/install";
import type { Command } from "commander";
import type { CommandContext } from "../command-context.ts";
import { CommandError } from "../command-error.ts";
import { addProjectFlags, openProject, type ProjectFlags } from "../installed/project-flags.ts";
import { tellEmpty } from "../installed/tell-empty.ts";

export function addVerify(program: Command, context: CommandContext): void {
  const command = program
    .command("verify")
    .summary("hold what is installed against the lock file")
    .description(
      "Look at every byte of the plugins that the lock file has, or of one. Ends with 1 unless all are what they should be.",
    )
    .argument("[name]", "the plugin");
  addProjectFlags(command)
    .addHelpText("after", "\nExamples:\n  drawbar verify\n  drawbar verify kv --json\n")
    .action(async (name: string | undefined, flags: ProjectFlags) => {
      const checked = await (await openProject(flags, context)).verify(name);
      tellEmpty(checked, flags, context);
      const faulty = checked.filter(({ state }) => state !== "intact");
      if (!flags.json) context.out(checked.map(describe).join(""));
      else if (faulty.length === 0) context.out(`${JSON.stringify(checked, null, 2)}\n`);
      if (faulty.length === 0) return;
      const names = faulty.map((plugin) => plugin.name).join(", ");
      throw new CommandError(
        "not-intact",
        `not as the lock file has them: ${names}; mend them with: drawbar install`,
        {
          facts: { plugins: checked },
        },
      );
    });
}

const words: Readonly<Record<CheckedPlugin["state"], string>> = {
  intact: "as it should be",
  missing: "not installed",
  altered: "its bytes were changed after it was installed",
  other: "another one than the lock file has",
};

function describe({ name, version, state }: CheckedPlugin): string {
  return `${name} ${version}: ${words[state]}\n`;
}
