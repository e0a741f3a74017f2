import { join, resolve } from "node:path";
import type { PluginBuild } from "@drawbar/install";
import type { Command } from "commander";
import type { CommandContext } from "../command-context.ts";
import { readPackageIdentity } from "../package-identity.ts";
import { UsageError } from "../usage-error.ts";
import type { AddCommand } from "./add-command.ts";

interface Flags {
  readonly name?: string;
  readonly version?: string;
  readonly program?: string;
  readonly out: string;
  readonly json?: true;
}

/** `drawbar pack`: archives of a plugin, one per platform, and the list of their checksums. */
export const addPack: AddCommand = (program: Command, context: CommandContext): void => {
  program
    .command("pack")
    .summary("pack a plugin's builds for publication")
    .description(
      "Pack builds of a plugin as NAME_VERSION_os_arch.zip, one per platform, and list their checksums in " +
        "NAME_VERSION_SHA256SUMS. The same files give the same archives.",
    )
    .argument(
      "<build...>",
      "os_arch=PATH of a program, or of a folder with one; without os_arch= this platform",
    )
    .option("--name <name>", "the plugin's name (default: as package.json has it)")
    .option("--version <version>", "the plugin's semantic version: 1.2.0 (default: as package.json has it)")
    .option("--program <path>", "of builds that are folders: the program in it (default: NAME_vVERSION)")
    .option("--out <folder>", "where the archives go", "dist")
    .option("--json", "print the result as JSON")
    .addHelpText("after", examples)
    .action((builds: readonly string[], flags: Flags) => pack(builds, flags, context));
};

const examples = `
Examples:
  drawbar pack dist/kv                   name and version are those of package.json
  drawbar pack ./kv --name kv --version 1.2.0
  drawbar pack linux_amd64=out/linux/kv darwin_arm64=out/mac/kv --name kv --version 1.2.0 --out dist
  drawbar pack linux_amd64=out/linux --program bin/kv --name kv --version 1.2.0
`;

async function pack(builds: readonly string[], flags: Flags, context: CommandContext): Promise<void> {
  const { packPlugin, thisPlatform } = await import("@drawbar/install");
  const read = builds.map((build): PluginBuild => {
    const [, os, arch, path] = /^([a-z0-9]+)_([a-z0-9]+)=(.+)$/s.exec(build) ?? [];
    const { program } = flags;
    if (os === undefined || arch === undefined || path === undefined) {
      if (build.includes("="))
        throw new UsageError(`${build} does not begin with a platform such as linux_amd64=`);
      return { platform: thisPlatform(), path: resolve(context.cwd, build), program };
    }
    return { platform: { os, arch }, path: resolve(context.cwd, path), program };
  });
  const { name, version } = identityOf(flags, context.cwd);
  const packed = await packPlugin({ name, version, builds: read, folder: resolve(context.cwd, flags.out) });
  const lines = [...packed.archives, packed.checksums].map((path) => `${path}\n`);
  context.out(flags.json ? `${JSON.stringify(packed, undefined, 2)}\n` : lines.join(""));
}

function identityOf(flags: Flags, cwd: string): { readonly name: string; readonly version: string } {
  const stated =
    flags.name === undefined || flags.version === undefined ? readPackageIdentity(cwd) : undefined;
  const name = flags.name ?? stated?.name;
  const version = flags.version ?? stated?.version;
  if (name !== undefined && version !== undefined) return { name, version };
  const missing = name === undefined ? "--name" : "--version";
  throw new UsageError(`say the plugin's ${missing}: ${join(cwd, "package.json")} does not have it`);
}
