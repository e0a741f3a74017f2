import { fileURLToPath } from "node:url";
import { PluginClient } from "drawbar";
import { handshake, versionedPlugins } from "./shared.ts";

// `put KEY VALUE` or `get KEY`. KV_PLUGIN is the command to run as the plugin.
const own: [string, string] = [process.execPath, fileURLToPath(new URL("./plugin.js", import.meta.url))];
const other = process.env["KV_PLUGIN"];
const [command, key = "", value = ""] = process.argv.slice(2);

await using client = await PluginClient.launch({
  handshake,
  versionedPlugins,
  cmd: other === undefined ? own : ["sh", "-c", other],
});
process.stderr.write(`host and plugin agreed on version ${client.version}\n`);

const kv = await client.dispense("kv");
if (command === "put") {
  await kv.put(key, Buffer.from(value));
} else if (command === "get") {
  process.stdout.write(`${Buffer.from(await kv.get(key)).toString()}\n`);
} else {
  process.stderr.write("usage: host put KEY VALUE | host get KEY\n");
  process.exitCode = 2;
}
