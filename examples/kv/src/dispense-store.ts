import type { PluginClient, Protocol } from "drawbar";
import type { plugins } from "./shared.ts";
import type { Store } from "./store-netrpc.ts";

/** The store of a plugin under the name that go-plugin's example gives it in each protocol. */
export async function dispenseStore(
  client: PluginClient<typeof plugins>,
  protocol: Protocol,
): Promise<Store> {
  if (protocol === "netrpc") return client.dispense("kv");
  const kv = await client.dispense("kv_grpc");
  return {
    put: async (key, value) => {
      await kv.put({ key, value: new Uint8Array(value) });
    },
    get: async (key) => (await kv.get({ key })).value,
  };
}
