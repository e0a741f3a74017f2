import { fileURLToPath } from "node:url";
import { PluginClient } from "drawbar";
import { handshake, plugins } from "./shared.ts";

// Greets through the plugin that is named, or through this example's own.
const own: [string, ...string[]] = [process.execPath, fileURLToPath(new URL("./plugin.js", import.meta.url))];
const [program, ...args] = process.argv.slice(2);

await using client = await PluginClient.launch({
  handshake,
  plugins,
  cmd: program === undefined ? own : [program, ...args],
});
const greeter = await client.dispense("greeter");
process.stdout.write(`${await greeter.greet()}\n`);
