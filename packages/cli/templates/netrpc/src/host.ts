import { PluginClient } from "drawbar";
import { handshake, plugins } from "./contract.ts";

// What `drawbar install` has installed goes by name and version, any other program by its path.
const [plugin, version = "*"] = process.argv.slice(2);
if (plugin === undefined) throw new Error("usage: host NAME [VERSION], or host ./PROGRAM");
const which = plugin.includes("/") ? ({ cmd: [plugin] } as const) : { plugin, version };

await using client = await PluginClient.launch({ handshake, plugins, ...which });
const greeter = await client.dispense("greeter");
console.log(await greeter.Greet("Ada"));
