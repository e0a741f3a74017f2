import { PluginClient } from "drawbar";
import { handshake, plugins } from "./contract.ts";

const [program, ...args] = process.argv.slice(2);
if (program === undefined) throw new Error("usage: host PLUGIN [ARGUMENT...]");

await using client = await PluginClient.launch({ handshake, plugins, cmd: [program, ...args] });
const greeter = await client.dispense("greeter");
console.log((await greeter.greet({ name: "Ada" })).text);
for await (const { letter } of greeter.spell({ name: "Ada" })) console.log(letter);
