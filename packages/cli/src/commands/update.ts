import type { UpdatedPlugin } from "@drawbar/install";
import type { Command } from "commander";
import type { CommandContext } from "../command-context.ts";
import { addFetchFlags, type FetchFlags } from "../installed/project-flags.ts";
import { tellEmpty } from "../installed/tell-empty.ts";
import { withProgress } from "../installed/with-progress.ts";

export function addUpdate(program: Command, context: CommandContext): void {
  const command = program
    .command("update")
    .summary("take the newest versions that fit")
    .description(
      "Install the newest versions that fit what the plugins of the lock file were asked for, and write them down.",
    )
    .argument("[name...]", "the plugins (default: all of the lock file)");
  addFetchFlags(command)
    .addHelpText("after", "\nExamples:\n  drawbar update\n  drawbar update kv blob\n")
    .action(async (names: readonly string[], flags: FetchFlags) => {
      const updated = await withProgress(flags, context, (plugins) =>
        plugins.update(names.length === 0 ? undefined : names),
      );
      tellEmpty(updated, flags, context);
      context.out(flags.json ? `${JSON.stringify(updated, null, 2)}\n` : updated.map(describe).join(""));
    });
}

function describe({ plugin: { name, version }, from }: UpdatedPlugin): string {
  return from === version ? `${name} ${version} is the newest\n` : `${name} ${from} -> ${version}\n`;
}
