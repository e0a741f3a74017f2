import type { InBoth } from "./plugin.ts";

/** What of a plugin can be used over gRPC; undefined if it knows net/rpc alone. */
export function overGrpc<G extends { readonly protocol?: "grpc" }, N extends { readonly protocol: "netrpc" }>(
  plugin: G | N | InBoth<G, N>,
): G | undefined {
  if ("netrpc" in plugin) return plugin.grpc;
  return isNetRpc(plugin) ? undefined : plugin;
}

/** What of a plugin can be used over net/rpc; undefined if it knows gRPC alone. */
export function overNetRpc<
  G extends { readonly protocol?: "grpc" },
  N extends { readonly protocol: "netrpc" },
>(plugin: G | N | InBoth<G, N>): N | undefined {
  if ("netrpc" in plugin) return plugin.netrpc;
  return isNetRpc(plugin) ? plugin : undefined;
}

function isNetRpc<G extends { readonly protocol?: "grpc" }, N extends { readonly protocol: "netrpc" }>(
  plugin: G | N,
): plugin is N {
  return plugin.protocol === "netrpc";
}
