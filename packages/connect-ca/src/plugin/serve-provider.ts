import {
  type Protocol,
  type ServedPluginSet,
  type ServeOptions,
  serve,
  type VersionedPlugins,
} from "drawbar";
import type { CaProvider } from "../provider/ca-provider.ts";
import { pluginVersion, providerHandshake, providerPluginName } from "./handshake.ts";
import { HistoricServer } from "./historic/historic-server.ts";

/** How a provider is served; the rest is drawbar's. */
export interface ServeProviderOptions
  extends Omit<ServeOptions, "handshake" | "plugins" | "versionedPlugins" | "protocol"> {
  /**
   * What hosts of version 1 are answered in. Default: net/rpc, which Consul's own host expects unless it is
   * told otherwise.
   */
  readonly historicProtocol?: Protocol;
}

/**
 * Makes this program a CA provider plugin: the last call of its main module (see drawbar's `serve`). Hosts of
 * version 2 get every method of the provider, those of version 1 Consul 1.6's.
 */
export async function serveProvider(
  provider: CaProvider,
  options: ServeProviderOptions = {},
): Promise<never> {
  const { historicProtocol = "netrpc", ...rest } = options;
  return await serve({
    ...rest,
    handshake: providerHandshake,
    versionedPlugins: servedProvider(provider, historicProtocol),
  });
}

/** A provider as plugin sets, for programs that call drawbar's `serve` themselves. */
export function servedProvider(
  provider: CaProvider,
  historicProtocol: Protocol,
): VersionedPlugins<ServedPluginSet> {
  // One for all connections: what it remembers belongs to the provider. What a version needs is loaded when it is
  // spoken.
  const historic = new HistoricServer(provider);
  return {
    [pluginVersion.historic]: {
      [providerPluginName]:
        historicProtocol === "netrpc"
          ? {
              protocol: "netrpc",
              async server() {
                const { historicReceiver } = await import("./historic/historic-netrpc.ts");
                return historicReceiver(historic);
              },
            }
          : {
              async server(_, server) {
                const { historicDefinition, historicService } = await import("./historic/historic-grpc.ts");
                server.addService(historicDefinition, historicService(historic));
              },
            },
    },
    [pluginVersion.current]: {
      [providerPluginName]: {
        async server(_, server) {
          const [{ currentDefinition }, { currentService }] = await Promise.all([
            import("./current/current-definition.ts"),
            import("./current/current-service.ts"),
          ]);
          server.addService(currentDefinition, currentService(provider));
        },
      },
    },
  };
}
