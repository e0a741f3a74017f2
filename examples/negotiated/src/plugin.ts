import { readFile, writeFile } from "node:fs/promises";
import { serve } from "drawbar";
import { grpcStore, handshake, versionedPlugins } from "./shared.ts";

// One program that serves hosts of three generations: each gets the version it knows, and the stored text tells
// which.

async function put(version: number, key: string, value: Uint8Array): Promise<void> {
  const note = Buffer.from(`\n\nWritten from plugin version ${version}\n`);
  await writeFile(`kv_${key}`, Buffer.concat([value, note]));
}

async function get(version: number, key: string): Promise<Uint8Array<ArrayBuffer>> {
  const note = Buffer.from(`Read by plugin version ${version}\n`);
  return Buffer.concat([await readFile(`kv_${key}`), note]);
}

function storeOverGrpc(version: 3 | 4) {
  return grpcStore.implement({
    put: async ({ key, value }) => {
      await put(version, key, value);
      return {};
    },
    get: async ({ key }) => ({ value: await get(version, key) }),
  });
}

const storeOverNetRpc = versionedPlugins[2].kv.implement({
  Put: async ({ key, value }) => {
    if (key?.type !== "string" || value?.type !== "[]uint8") throw new Error("expected a key and a value");
    await put(2, key.value, value.value);
    return null;
  },
  Get: (key) => get(2, key),
});

await serve({
  handshake,
  versionedPlugins: {
    2: { kv: storeOverNetRpc },
    3: { kv: storeOverGrpc(3) },
    4: { kv: storeOverGrpc(4) },
  },
});
