import assert from "node:assert/strict";
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

export const handshake = { protocolVersion: 1, magicCookieKey: "DRAWBAR_TEST", magicCookieValue: "cookie" };

/** The command for a fixture beside this folder. */
export function fixture(name: string, ...args: string[]): [string, ...string[]] {
  return [process.execPath, fileURLToPath(new URL(`../fixtures/${name}.js`, import.meta.url)), ...args];
}

/** The command for a few lines of JavaScript. */
export function script(source: string): [string, ...string[]] {
  return [process.execPath, "-e", source];
}

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
