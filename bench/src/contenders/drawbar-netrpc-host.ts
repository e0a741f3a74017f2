import { PluginClient } from "drawbar";
import { handshake } from "./handshake.ts";
import { answerRequests } from "./measure.ts";
import { store } from "./netrpc-shared.ts";

const [program = "", ...args] = process.argv.slice(2);
await using client = await PluginClient.launch({
  handshake,
  plugins: { kv: store },
  cmd: [program, ...args],
});
const kv = await client.dispense("kv");
await answerRequests({ call: () => kv.Get("hello") });
