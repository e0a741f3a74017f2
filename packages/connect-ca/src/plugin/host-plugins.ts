import type { GrpcClientPlugin, InBoth, NetRpcClientPlugin } from "drawbar";
import type { CaProvider } from "../provider/ca-provider.ts";
import { CurrentClient } from "./current/current-client.ts";
import { pluginVersion, providerPluginName } from "./handshake.ts";
import { HistoricClient } from "./historic/historic-client.ts";
import { historicCallsOnGrpc } from "./historic/historic-grpc.ts";
import { historicCallsOnNetRpc } from "./historic/historic-netrpc.ts";

type ProviderSet = {
  readonly [providerPluginName]: InBoth<GrpcClientPlugin<CaProvider>, NetRpcClientPlugin<CaProvider>>;
};
type CurrentSet = { readonly [providerPluginName]: GrpcClientPlugin<CaProvider> };

/** What a host needs to use CA provider plugins of any version: `versionedPlugins` for PluginClient.launch. */
export const providerPlugins: {
  readonly [pluginVersion.historic]: ProviderSet;
  readonly [pluginVersion.current]: CurrentSet;
} = {
  [pluginVersion.historic]: {
    [providerPluginName]: {
      grpc: { client: (_, channel) => new HistoricClient(historicCallsOnGrpc(channel)) },
      netrpc: {
        protocol: "netrpc",
        client: (_, client) => new HistoricClient(historicCallsOnNetRpc(client)),
      },
    },
  },
  [pluginVersion.current]: {
    [providerPluginName]: { client: (_, channel) => new CurrentClient(channel) },
  },
};
