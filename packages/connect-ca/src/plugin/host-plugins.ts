import type { GrpcClientPlugin, InBoth, NetRpcClientPlugin } from "drawbar";
import type { CaProvider } from "../provider/ca-provider.ts";
import { pluginVersion, providerPluginName } from "./handshake.ts";

type ProviderSet = {
  readonly [providerPluginName]: InBoth<GrpcClientPlugin<CaProvider>, NetRpcClientPlugin<CaProvider>>;
};
type CurrentSet = { readonly [providerPluginName]: GrpcClientPlugin<CaProvider> };

// What a version and its protocol need is loaded when a plugin speaks them: protobuf alone takes longer to load than
// all the rest, and providers in the host's own process need none of it.
const historicOnGrpc: GrpcClientPlugin<CaProvider> = {
  async client(_, channel) {
    const [{ HistoricClient }, { historicCallsOnGrpc }] = await Promise.all([
      import("./historic/historic-client.ts"),
      import("./historic/historic-grpc.ts"),
    ]);
    return new HistoricClient(historicCallsOnGrpc(channel));
  },
};
const historicOnNetRpc: NetRpcClientPlugin<CaProvider> = {
  protocol: "netrpc",
  async client(_, client) {
    const [{ HistoricClient }, { historicCallsOnNetRpc }] = await Promise.all([
      import("./historic/historic-client.ts"),
      import("./historic/historic-netrpc.ts"),
    ]);
    return new HistoricClient(historicCallsOnNetRpc(client));
  },
};
const current: GrpcClientPlugin<CaProvider> = {
  async client(_, channel) {
    const { CurrentClient } = await import("./current/current-client.ts");
    return new CurrentClient(channel);
  },
};

/** What a host needs to use CA provider plugins of any version: `versionedPlugins` for PluginClient.launch. */
export const providerPlugins: {
  readonly [pluginVersion.historic]: ProviderSet;
  readonly [pluginVersion.current]: CurrentSet;
} = {
  [pluginVersion.historic]: { [providerPluginName]: { grpc: historicOnGrpc, netrpc: historicOnNetRpc } },
  [pluginVersion.current]: { [providerPluginName]: current },
};
