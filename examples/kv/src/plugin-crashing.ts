import { serve } from "drawbar";
import { handshake, plugins } from "./shared.ts";

// A plugin with a defect, for the demonstration: it stores nothing, and reading ends its process.
await serve({
  handshake,
  plugins: {
    kv_grpc: plugins.kv_grpc.implement({
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
