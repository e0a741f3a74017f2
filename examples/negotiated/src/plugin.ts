import { readFile, writeFile } from "node:fs/promises";
import { serve } from "drawbar";
import { handshake, versionedPlugins } from "./shared.ts";

// One program that serves hosts of two generations: each gets the version it knows, and the stored text
// tells which. (Version 2 of go-plugin's own example speaks net/rpc.)
function storeOfVersion(version: 3 | 4) {
  return versionedPlugins[version].kv.implement({
    async put({ key, value }) {
      const note = Buffer.from(`\n\nWritten from plugin version ${version}\n`);
      await writeFile(`kv_${key}`, Buffer.concat([value, note]));
      return {};
    },

    async get({ key }) {
      const note = Buffer.from(`Read by plugin version ${version}\n`);
      return { value: Buffer.concat([await readFile(`kv_${key}`), note]) };
    },
  });
}

await serve({
  handshake,
  versionedPlugins: { 3: { kv: storeOfVersion(3) }, 4: { kv: storeOfVersion(4) } },
});
