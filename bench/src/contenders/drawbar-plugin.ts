import { serve } from "drawbar";
import { chunk, chunksPerStream, handshake, plugins } from "./shared.ts";

const values = new Map<string, Uint8Array<ArrayBuffer>>([["hello", new TextEncoder().encode("world")]]);

await serve({
  handshake,
  plugins: {
    kv_grpc: plugins.kv_grpc.implement({
      get: ({ key }) => ({ value: values.get(key) ?? new Uint8Array(0) }),
      put: ({ key, value }) => {
        values.set(key, new Uint8Array(value));
        return {};
      },
    }),
    streamer: plugins.streamer.implement({
      configure: () => ({}),
      async *read() {
        for (let sent = 0; sent < chunksPerStream; sent++) yield { readBytes: chunk };
      },
      write: async (chunks) => {
        for await (const _ of chunks);
        return {};
      },
    }),
  },
});
