import { serve } from "drawbar";
import { handshake } from "./handshake.ts";
import { grpcStore } from "./store-grpc.ts";

// A plugin with a defect, for the demonstration: it stores nothing, and reading ends its process.
await serve({
  handshake,
  plugins: {
    kv_grpc: grpcStore.implement({
      put: () => ({}),
      get: () => {
        setImmediate(() => {
          throw new Error("the disk is on fire");
        });
        return new Promise(() => {});
      },
    }),
  },
});
