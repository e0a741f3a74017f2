import { fileURLToPath } from "node:url";
import { PluginClient } from "drawbar";
import { handshake, plugins } from "./shared.ts";

// The same command line as go-plugin's examples/bidirectional: `put KEY NUMBER` adds to a counter, `get KEY`
// prints it. COUNTER_PLUGIN is the command to run as the plugin; with COUNTER_SECURE set it is spoken to over
// AutoMTLS, with COUNTER_MULTIPLEX set over one connection.
const own: [string, string] = [process.execPath, fileURLToPath(new URL("./plugin-grpc.js", import.meta.url))];
const other = process.env["COUNTER_PLUGIN"];
const [command, key = "", value = ""] = process.argv.slice(2);

await using client = await PluginClient.launch({
  handshake,
  plugins,
  cmd: other === undefined ? own : ["sh", "-c", other],
  autoMtls: process.env["COUNTER_SECURE"] !== undefined,
  grpcBrokerMultiplex: process.env["COUNTER_MULTIPLEX"] !== undefined,
});
const counter = await client.dispense("counter");

if (command === "put") {
  await counter.put(key, BigInt(value), { sum: (a, b) => a + b });
} else if (command === "get") {
  process.stdout.write(`${await counter.get(key)}\n`);
} else {
  process.stdout.write("Please only use 'get' or 'put'\n");
  process.exitCode = 1;
}
