import type { InstalledPlugin } from "@drawbar/install";
import type { Command } from "commander";
import type { CommandContext } from "../command-context.ts";
import { addFetchFlags, type FetchFlags } from "../installed/project-flags.ts";
import { tellEmpty } from "../installed/tell-empty.ts";
import { withProgress } from "../installed/with-progress.ts";
import { UsageError } from "../usage-error.ts";

interface Flags extends FetchFlags {
  readonly version?: string;
}

export function addInstall(program: Command, context: CommandContext): void {
  const command = program
    .command("install")
    .summary("install a plugin, or all of the lock file")
    .description(
      "Install a plugin from a source and put it into the lock file; without a name, install everything that the " +
        "lock file has. Nothing is visible or started before it is verified.",
    )
    .argument("[name]", "what the plugin is to be called")
    .argument("[source]", "where it comes from, in go-getter's spelling (default: what the lock file has)")
    .option("--version <constraint>", "which versions will do: ~> 1.2, ^1.2, >= 1.0, != 1.3.0 (default: any)")
    .option("--frozen", "fail rather than change the lock file");
  addFetchFlags(command)
    .addHelpText("after", examples)
    .action(async (name: string | undefined, source: string | undefined, flags: Flags) => {
      if (name === undefined && flags.version !== undefined)
        throw new UsageError("--version is for one plugin: name it");
      const { version } = flags;
      const installed = await withProgress(flags, context, async (plugins) =>
        name === undefined ? plugins.installLocked() : [await plugins.install({ name, source, version })],
      );
      tellEmpty(installed, flags, context);
      context.out(flags.json ? `${JSON.stringify(installed, null, 2)}\n` : installed.map(describe).join(""));
    });
}

const examples = `
Examples:
  drawbar install kv github.com/acme/kv --version "~> 1.2"
  drawbar install kv ./dist/kv_v1.2.0
  drawbar install kv "https://example.com/kv_1.2.0_linux_amd64.zip?checksum=sha256:..."
  drawbar install time hashicorp/time --version "~> 0.12"
  drawbar install --frozen                                everything, as the lock file has it
  drawbar install --platform linux_arm64,darwin_arm64     locks these too, for --frozen there
`;

function describe({ name, version, program }: InstalledPlugin): string {
  return `${name} ${version} ${program}\n`;
}
