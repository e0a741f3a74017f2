import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import {
  createLogger,
  type LaunchSettings,
  type LogEntry,
  type Logger,
  PluginClient,
  type PluginSet,
  PluginStartError,
} from "drawbar";
import { handshake } from "./handshake.ts";

export { handshake };

/** The command for a fixture beside this folder: the single file, with its compiled code, of one that is often launched. */
export function fixture(name: string, ...args: string[]): [string, ...string[]] {
  const built = fileURLToPath(new URL(`../bundle/${name.split("/").at(-1)}`, import.meta.url));
  return existsSync(built) ? [process.execPath, built, ...args] : moduleFixture(name, ...args);
}

/** The same as the module that the compiler made: its own file, in a package with a name and a version. */
export function moduleFixture(name: string, ...args: string[]): [string, ...string[]] {
  return [process.execPath, fileURLToPath(new URL(`../fixtures/${name}.js`, import.meta.url)), ...args];
}

/** The command for a few lines of shell, which starts in a fraction of the time that node takes; `args` are $1 and so on. */
export function shell(source: string, ...args: string[]): [string, ...string[]] {
  return ["/bin/sh", "-c", source, "sh", ...args];
}

/** The command for a program that prints a line and stays. */
export function prints(line: string): [string, ...string[]] {
  return shell(`printf '%s\\n' "$1"; ${stay}`, line);
}

/** The shell becomes a process that stays until a signal ends it. */
export const stay = "exec sleep 1000000";

/** A logger at trace that keeps its entries and tells each to `onEntry`. */
export function recordingLogger(onEntry: (entry: LogEntry) => void = () => {}): {
  logger: Logger;
  entries: LogEntry[];
} {
  const entries: LogEntry[] = [];
  const logger = createLogger({
    level: "trace",
    write: (entry) => {
      entries.push(entry);
      onEntry(entry);
    },
  });
  return { logger, entries };
}

/** Launches what must not start; the error, after its process was seen to be gone. */
export async function launchFailure(
  settings: Partial<LaunchSettings> & Pick<LaunchSettings, "cmd"> & { readonly plugins?: PluginSet },
): Promise<PluginStartError> {
  const plugins: PluginSet = {};
  const error = await PluginClient.launch({ handshake, plugins, ...settings }).then(
    async (client) => {
      await client.kill();
      assert.fail("the plugin started");
    },
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof PluginStartError, `not a start error: ${String(error)}`);
  const pid = error.facts["pid"];
  if (typeof pid === "number") assert.ok(isGone(pid), "the process of a failed start is gone");
  return error;
}

/** True if there is no process `pid` any more. */
export function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
}
