import { readFile, writeFile } from "node:fs/promises";
import { serve } from "drawbar";
import { AddHelper } from "./gen/kv_pb.ts";
import { counter, handshake } from "./shared.ts";

// Keeps each counter in a file of its own, `kv_KEY` in the working folder, as JSON that Go's plugin reads.
async function read(key: string): Promise<bigint> {
  const { Value } = JSON.parse(await readFile(`kv_${key}`, "utf8")) as { Value: number };
  return BigInt(Value);
}

await serve({
  handshake,
  plugins: {
    counter: counter.implement((broker) => ({
      async get({ key }) {
        return { value: await read(key) };
      },

      // The sum is the host's to make: it serves an AddHelper for this call.
      async put({ addServer, key, value }) {
        await using host = await broker.dialService(addServer, AddHelper);
        const before = await read(key).catch(() => 0n);
        const { r } = await host.service.sum({ a: before, b: value });
        await writeFile(`kv_${key}`, `{"Value":${r}}`);
        return {};
      },
    })),
  },
});
