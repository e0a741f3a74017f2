import { systemClock } from "@drawbar/io";
import { pluginDial } from "../connect/dial.ts";
import type { Protocol } from "../handshake/handshake.ts";
import { brokerEnvironment, type Environment } from "../handshake/plugin-environment.ts";
import { SafeSink } from "../launch/sink.ts";
import { ListeningPlace } from "../listen/listening-place.ts";
import type { PluginSet } from "../plugin/plugin.ts";
import { overGrpc, overNetRpc } from "../plugin/plugin-halves.ts";
import type { ProtocolClient } from "../protocol/protocol-client.ts";
import type { AddressTranslator } from "../runner/runner.ts";
import type { TransportSecurity } from "../security/transport-security.ts";
import { AnnouncedSockets } from "../terminate/announced-sockets.ts";
import type { ConnectSettings } from "./launch-options.ts";
import type { PluginSession, RunningPlugin } from "./plugin-session.ts";

// Each is loaded when it is needed: a host of gRPC plugins has no use for gob and yamux.
const protocols = {
  grpc: () => import("../protocol/grpc/client.ts"),
  netrpc: () => import("../protocol/netrpc/client.ts"),
};

/** Begins to load what the plugins of a host may speak, while the plugin's process starts. */
export function loadProtocols(allowed: readonly Protocol[], sets: readonly PluginSet[]): void {
  const plugins = sets.flatMap((set) => Object.values(set));
  const wanted: Protocol[] = [];
  if (plugins.some((plugin) => overGrpc(plugin) !== undefined)) wanted.push("grpc");
  if (plugins.some((plugin) => overNetRpc(plugin) !== undefined)) wanted.push("netrpc");
  for (const protocol of wanted) {
    // A failure is told by whoever needs the protocol.
    if (allowed.includes(protocol)) void protocols[protocol]().catch(() => {});
  }
}

/** How the connections to one plugin are made. */
export interface Connection {
  readonly security: TransportSecurity | undefined;
  /** Only for gRPC. */
  readonly multiplex: boolean;
  /** For the addresses of brokered connections. Default: they are the same on both sides. */
  readonly translator?: AddressTranslator;
  /** The plugin's environment, which says where sockets are to be made. Default: it does not say. */
  readonly pluginEnv?: Environment;
}

/** Connects to a plugin that runs, in the protocol that it announced. */
export async function connectPlugin(
  session: PluginSession,
  started: RunningPlugin,
  options: ConnectSettings & Connection,
): Promise<ProtocolClient> {
  const { logger } = started;
  const { security, multiplex, translator } = options;
  const clock = options.clock ?? systemClock;
  const common = {
    dial: pluginDial(session.address, () => started.process.takeConnection?.()),
    signal: session.signal,
    explainLoss: (cause: Error | undefined) => session.explainLoss(cause),
    stdout: new SafeSink(options.syncStdout, "syncStdout", logger),
    stderr: new SafeSink(options.syncStderr, "syncStderr", logger),
    logger,
  };
  switch (session.protocol) {
    case "grpc": {
      const { connectGrpc } = await protocols.grpc();
      const place = new ListeningPlace(undefined, brokerEnvironment(options.pluginEnv ?? {}, process.env));
      const announced = new AnnouncedSockets(
        started.startedAtMs,
        (address) => translator?.pluginToHost?.(address) ?? address,
      );
      session.removeAfterwards(announced);
      const onNote = announced.note;
      const brokering = { security, place, translator, onNote, clock, logger: logger.named("broker") };
      return connectGrpc({ ...common, brokering, multiplex, channel: { ...options.grpc, clock } });
    }
    case "netrpc": {
      const { connectNetRpc } = await protocols.netrpc();
      return connectNetRpc({ ...common, security, clock, settings: options.netrpc ?? {} });
    }
  }
}
