import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import type {
  InstallProgress,
  Mirrors,
  Platform,
  Plugins,
  PluginsOptions,
  readPlatform,
  TrustedKey,
  TrustPolicy,
} from "@drawbar/install";
import { type Command, Option } from "commander";
import { collect } from "../collect.ts";
import type { CommandContext } from "../command-context.ts";
import { UsageError } from "../usage-error.ts";

/** What every command about installed plugins takes. */
export interface ProjectFlags {
  readonly root?: string;
  readonly lockFile: string;
  readonly json?: true;
}

/** What those take that fetch. */
export interface FetchFlags extends ProjectFlags {
  readonly cache?: string;
  readonly key: readonly string[];
  readonly require?: TrustPolicy["require"];
  readonly offline?: true;
  readonly frozen?: true;
  readonly mirror: readonly string[];
  readonly platform: readonly string[];
  readonly ca?: string;
}

export function addProjectFlags(command: Command): Command {
  return command
    .option(
      "--root <folder>",
      "where plugins are installed (default: DRAWBAR_PLUGIN_ROOT, or the user's data folder)",
    )
    .option("--lock-file <file>", "what is installed, for version control", "drawbar.lock.json")
    .option("--json", "print the result as JSON");
}

export function addFetchFlags(command: Command): Command {
  return addProjectFlags(command)
    .option(
      "--cache <folder>",
      "where fetched files are kept (default: DRAWBAR_CACHE, or the user's cache folder)",
    )
    .option(
      "--key <key>",
      "a public key, or its file: what it has not signed is refused (may be repeated)",
      collect,
      [],
    )
    .addOption(
      new Option("--require <what>", "what must vouch for a plugin that is not locked yet").choices([
        "signature",
        "checksum",
        "nothing",
      ]),
    )
    .option(
      "--mirror <from=to>",
      "ask another place for sources that begin so (may be repeated)",
      collect,
      [],
    )
    .option(
      "--platform <os_arch,...>",
      "lock these platforms as well, for --frozen there: linux_arm64,darwin_arm64 (may be repeated)",
      collect,
      [],
    )
    .option("--ca <file>", "trust the authorities of this file as well, in PEM")
    .option("--offline", "ask nobody: use what is installed, in the cache, or a file of this machine");
}

// OpenPGP and PEM, Ed25519, minisign.
const looksLikeKey = /^(?:-----BEGIN |ed25519:|untrusted comment:|RW)/;

/** The project's plugins, as the flags say. Loaded here: other commands need no installer. */
export async function openProject(
  flags: ProjectFlags & Partial<FetchFlags>,
  context: CommandContext,
  onProgress: (progress: InstallProgress) => void = () => {},
): Promise<Plugins> {
  const install = await import("@drawbar/install");
  const keys: TrustedKey[] = [];
  for (const key of flags.key ?? []) {
    const path = resolve(context.cwd, key);
    if (existsSync(path)) keys.push(...(await install.readTrustedKeys(readFileSync(path), path)));
    else if (looksLikeKey.test(key)) keys.push(...(await install.readTrustedKeys(key, "--key")));
    else
      throw new UsageError(`--key: there is no file ${path}, and ${JSON.stringify(key)} is not a key itself`);
  }
  const options: PluginsOptions = {
    lockFile: resolve(context.cwd, flags.lockFile),
    env: context.env,
    signal: context.signal,
    keys,
    mirrors: readMirrors(flags.mirror ?? []),
    lockPlatforms: readPlatforms(flags.platform ?? [], install.readPlatform),
    offline: flags.offline ?? false,
    frozen: flags.frozen ?? false,
    onProgress,
    ...(flags.root === undefined ? {} : { root: resolve(context.cwd, flags.root) }),
    ...(flags.cache === undefined ? {} : { cacheFolder: resolve(context.cwd, flags.cache) }),
    ...(flags.ca === undefined ? {} : { ca: readFileSync(resolve(context.cwd, flags.ca), "utf8") }),
    ...(flags.require === undefined ? {} : { require: flags.require }),
  };
  return new install.Plugins(options);
}

function readPlatforms(lists: readonly string[], read: typeof readPlatform): readonly Platform[] {
  return lists
    .flatMap((list) => list.split(","))
    .map((text) => {
      const platform = read(text.trim());
      if (platform !== undefined) return platform;
      throw new UsageError(
        `--platform takes names such as linux_arm64,darwin_arm64, not ${JSON.stringify(text)}`,
      );
    });
}

function readMirrors(pairs: readonly string[]): Mirrors {
  const mirrors: Record<string, string> = {};
  for (const pair of pairs) {
    const at = pair.indexOf("=");
    if (at <= 0) throw new UsageError(`--mirror takes FROM=TO, not ${JSON.stringify(pair)}`);
    mirrors[pair.slice(0, at)] = pair.slice(at + 1);
  }
  return mirrors;
}
