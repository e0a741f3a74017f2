import { KV } from "@drawbar/example-kv/kv";
import { grpcPlugin } from "drawbar";

/** No protocolVersion: every plugin set stands under a version of its own. */
export const handshake = { magicCookieKey: "BASIC_PLUGIN", magicCookieValue: "hello" };

/** What this host can use, by version; the highest that the plugin has too is taken. */
export const versionedPlugins = {
  3: { kv: grpcPlugin(KV) },
  4: { kv: grpcPlugin(KV) },
};
