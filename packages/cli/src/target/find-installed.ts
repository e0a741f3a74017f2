import { join } from "node:path";
import { InstallError, Plugins } from "@drawbar/install";
import type { FoundPlugin } from "drawbar";
import type { CommandContext } from "../command-context.ts";

/** The installed plugin of that name; undefined if there is none, or if it is a path. */
export async function findInstalled(name: string, context: CommandContext): Promise<FoundPlugin | undefined> {
  if (/[/\\]/.test(name)) return undefined;
  const root = context.env["DRAWBAR_PLUGIN_ROOT"];
  const plugins = new Plugins({
    lockFile: join(context.cwd, "drawbar.lock.json"),
    unlocked: true,
    ...(root === undefined ? {} : { root }),
  });
  try {
    return await plugins.find({ name, version: undefined });
  } catch (error) {
    // It may be a program of the search path then, whatever that is called.
    if (error instanceof InstallError && absent.has(error.code)) return undefined;
    throw error;
  }
}

const absent = new Set<string>(["not-installed", "bad-source"]);
