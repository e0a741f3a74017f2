import { KV } from "@drawbar/example-kv/kv";
import { netrpcStore, type Store } from "@drawbar/example-kv/store-netrpc";
import { grpcPlugin } from "drawbar";

/** No protocolVersion: every plugin set stands under a version of its own. */
export const handshake = { magicCookieKey: "BASIC_PLUGIN", magicCookieValue: "hello" };

/** The store over gRPC; to the host it is the same Store as over net/rpc. */
export const grpcStore = grpcPlugin(
  KV,
  (kv): Store => ({
    put: async (key, value) => {
      await kv.put({ key, value: new Uint8Array(value) });
    },
    get: async (key) => (await kv.get({ key })).value,
  }),
);

/**
 * What this host can use, by version; the highest that the plugin has too is taken. The protocol may change from
 * one version to the next.
 */
export const versionedPlugins = {
  2: { kv: netrpcStore },
  3: { kv: grpcStore },
  4: { kv: grpcStore },
};
