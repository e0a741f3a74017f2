import { readFile, writeFile } from "node:fs/promises";
import { pluginLogger, serve } from "drawbar";
import { handshake } from "./handshake.ts";
import { netrpcStore } from "./store-netrpc.ts";

// As plugin-grpc, over net/rpc: keeps each key in a file of its own, `kv_KEY` in the working folder.
const logger = pluginLogger({ name: "kv" });

await serve({
  handshake,
  plugins: {
    kv: netrpcStore.implement({
      async Put({ key, value }) {
        if (key?.type !== "string" || value?.type !== "[]uint8")
          throw new Error("expected a key and a value");
        const note = Buffer.from("\n\nWritten from plugin-ts-netrpc");
        await writeFile(`kv_${key.value}`, Buffer.concat([value.value, note]));
        logger.info("stored", { key: key.value, bytes: value.value.length });
        return null;
      },

      async Get(key) {
        const value = await readFile(`kv_${key}`);
        logger.info("read", { key, bytes: value.length });
        return value;
      },
    }),
  },
});
