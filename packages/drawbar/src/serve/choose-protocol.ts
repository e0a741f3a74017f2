import { PluginConfigError } from "../errors.ts";
import type { Protocol } from "../handshake/handshake.ts";
import type { ServedPluginSet } from "../plugin/plugin.ts";
import { overGrpc, overNetRpc } from "../plugin/plugin-halves.ts";

/**
 * The protocol that a plugin set is served over: the one asked for, else gRPC if every plugin of the set knows
 * it, else net/rpc if every one does. A process announces one protocol, so a set of both kinds needs to be
 * told which; what does not know it is then not served.
 */
export function chooseProtocol(wanted: Protocol | undefined, plugins: ServedPluginSet): Protocol {
  const all = Object.values(plugins);
  if (wanted !== undefined) {
    if (!Object.hasOwn(knows, wanted)) {
      throw new PluginConfigError(
        `unknown server protocol: ${String(wanted)}; drawbar serves "grpc" and "netrpc" (protocol)`,
      );
    }
    if (all.length === 0 || all.some(knows[wanted])) return wanted;
    throw new PluginConfigError(`no plugin of the set can be served over ${wanted} (protocol)`);
  }
  if (all.every(knows.grpc)) return "grpc";
  if (all.every(knows.netrpc)) return "netrpc";
  const names = Object.entries(plugins).map(
    ([name, plugin]) => `${name} over ${knows.grpc(plugin) ? "gRPC" : "net/rpc"}`,
  );
  throw new PluginConfigError(
    `one process serves one protocol, and the plugins have none in common (${names.join(", ")}); ` +
      "set `protocol`, or put them into sets of different versions",
  );
}

const knows = {
  grpc: (plugin: ServedPluginSet[string]): boolean => overGrpc(plugin) !== undefined,
  netrpc: (plugin: ServedPluginSet[string]): boolean => overNetRpc(plugin) !== undefined,
};
