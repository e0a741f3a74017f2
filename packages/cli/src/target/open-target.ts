import type { Channel } from "@drawbar/grpc";
import { isDrawbarError } from "@drawbar/io";
import {
  type ConnectSettings,
  type Logger,
  nullLogger,
  PluginClient,
  type PluginSet,
  textLogger,
  type VersionedPlugins,
  type VersionedSets,
} from "drawbar";
import type { CommandContext } from "../command-context.ts";
import { CommandError } from "../command-error.ts";
import { UsageError } from "../usage-error.ts";
import { knownCookies } from "./known-cookies.ts";
import { readReattach } from "./read-reattach.ts";
import type { TargetFlags } from "./target-flags.ts";

/** A plugin that runs, for a command to look at. */
export interface Target extends AsyncDisposable {
  readonly client: PluginClient;
  /** Fails for a plugin over net/rpc. */
  channel(): Promise<Channel>;
}

// Whatever the plugin serves: no service is known beforehand.
const anything: PluginSet = {
  any: {
    grpc: { client: (_broker, channel) => channel },
    netrpc: { protocol: "netrpc", client: (_broker, client) => client },
  },
};

const usualVersions = Array.from({ length: 17 }, (_, version) => version);

/**
 * Starts the plugin that a command line names, or attaches to the one that a reattach config does. Disposal ends
 * what was started, and lets go of what was running before.
 */
export async function openTarget(
  command: readonly string[],
  flags: TargetFlags,
  context: CommandContext,
): Promise<Target> {
  const client =
    flags.reattach === undefined
      ? await launch(command, flags, context)
      : await attach(flags.reattach, command, flags, context);
  return {
    client,
    channel: async () => (await client.dispense("any")) as Channel,
    [Symbol.asyncDispose]: () => (flags.reattach === undefined ? client.kill() : client.detach()),
  };
}

async function launch(
  command: readonly string[],
  flags: TargetFlags,
  context: CommandContext,
): Promise<PluginClient> {
  const [file, ...args] = command;
  if (file === undefined) throw new UsageError("name the plugin: its command, or an installed plugin");
  // Loaded here, because it brings along all that installs.
  const { findInstalled } = await import("./find-installed.ts");
  const found = await findInstalled(file, context);
  const [key, value] = flags.cookie ?? ["DRAWBAR_NO_COOKIE", "1"];
  return PluginClient.launch({
    ...commonSettings(flags, context),
    handshake: { magicCookieKey: key, magicCookieValue: value },
    cmd: [found?.cmd[0] ?? file, ...(found?.cmd.slice(1) ?? []), ...args],
    ...(found?.secureConfig === undefined ? {} : { secureConfig: found.secureConfig }),
    cwd: context.cwd,
    // A plugin looks for the one of its host and at no other.
    env: {
      ...context.env,
      ...(flags.cookie === undefined ? Object.fromEntries(Object.values(knownCookies)) : {}),
    },
    autoMtls: flags.mtls ?? false,
    grpcBrokerMultiplex: flags.multiplex ?? false,
    startTimeoutMs: flags.startTimeout,
  }).catch((error: unknown) => {
    throw isDrawbarError(error) && error.code === "command-not-found"
      ? unknownPlugin(file, context, error)
      : error;
  });
}

function unknownPlugin(file: string, { cwd }: CommandContext, cause: Error): CommandError {
  const message = /[/\\]/.test(file)
    ? `there is no program ${file} seen from ${cwd}; check the path`
    : `${file} is neither an installed plugin nor a program of the search path; give its path (./${file}), or install ` +
      `it: drawbar install ${file} SOURCE`;
  return new CommandError("plugin-unknown", message, { cause, facts: { plugin: file } });
}

function attach(
  reattach: string,
  command: readonly string[],
  flags: TargetFlags,
  context: CommandContext,
): Promise<PluginClient> {
  if (command.length > 0) throw new UsageError("give either a command or --reattach");
  const handshake = { magicCookieKey: "DRAWBAR_NO_COOKIE", magicCookieValue: "1" };
  return PluginClient.reattach(readReattach(reattach), { ...commonSettings(flags, context), handshake });
}

function commonSettings(
  flags: TargetFlags,
  context: CommandContext,
): Omit<ConnectSettings, "handshake"> & VersionedSets<VersionedPlugins<PluginSet>> {
  const versions = flags.protocolVersion ?? usualVersions;
  const sink = { write: (bytes: Uint8Array): void => context.err(Buffer.from(bytes).toString()) };
  return {
    versionedPlugins: Object.fromEntries(versions.map((version) => [version, anything])),
    signal: context.signal,
    logger: flags.verbose ? verboseLogger(context) : nullLogger,
    syncStdout: sink,
    syncStderr: sink,
  };
}

function verboseLogger(context: CommandContext): Logger {
  return textLogger({ level: "trace", write: context.err });
}
