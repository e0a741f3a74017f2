import { readFile, writeFile } from "node:fs/promises";
import { pluginLogger, serve } from "drawbar";
import { handshake } from "./handshake.ts";
import { grpcStore } from "./store-grpc.ts";

// Keeps each key in a file of its own, `kv_KEY` in the working folder.
const logger = pluginLogger({ name: "kv" });

await serve({
  handshake,
  plugins: {
    kv_grpc: grpcStore.implement({
      async put({ key, value }) {
        const note = Buffer.from("\n\nWritten from plugin-ts-grpc");
        await writeFile(`kv_${key}`, Buffer.concat([value, note]));
        logger.info("stored", { key, bytes: value.length });
        return {};
      },

      async get({ key }) {
        const value = await readFile(`kv_${key}`);
        logger.info("read", { key, bytes: value.length });
        return { value };
      },
    }),
  },
});
