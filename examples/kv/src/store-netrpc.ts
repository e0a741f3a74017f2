import * as gob from "@drawbar/gob";
import { method, service } from "@drawbar/netrpc";
import { netrpcPlugin } from "drawbar";

/** What the host uses, whichever protocol its plugin speaks. */
export interface Store {
  put(key: string, value: Uint8Array): Promise<void>;
  get(key: string): Promise<Uint8Array>;
}

// The net/rpc service of go-plugin's examples/grpc:
//   Put(args map[string]interface{}, reply *interface{}), with "key" and "value"; the reply is nil
//   Get(key string, reply *[]byte)
const putArgument = gob.oneOf({ string: gob.string, "[]uint8": gob.bytes });

export const KV = service("KV", {
  Put: method(gob.record(putArgument), gob.any),
  Get: method(gob.string, gob.bytes),
});

/** The store over net/rpc; to the host it is a Store. */
export const netrpcStore = netrpcPlugin(
  KV,
  (kv): Store => ({
    put: async (key, value) => {
      await kv.Put({ key: { type: "string", value: key }, value: { type: "[]uint8", value } });
    },
    get: (key) => kv.Get(key),
  }),
);
