import type { Handshake } from "drawbar";

/** What CA provider plugins are dispensed as, in every version. */
export const providerPluginName = "consul-connect-ca";

/** Versions of the CA provider plugins' protocol. */
export const pluginVersion = {
  /** Consul 1.6's, over net/rpc or gRPC. */
  historic: 1,
  /** Every method of CaProvider, and errors with codes; over gRPC. */
  current: 2,
} as const;

/** What hosts and CA provider plugins know each other by: Consul's own. */
export const providerHandshake: Handshake = {
  protocolVersion: pluginVersion.historic,
  magicCookieKey: "CONSUL_PLUGIN_MAGIC_COOKIE",
  magicCookieValue: "f31f63b28fa82a3cdb30a6284cb1e50e3a13b7e60ba105a2c91219da319d216c",
};
