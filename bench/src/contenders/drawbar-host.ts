import { PluginClient } from "drawbar";
import { answerRequests } from "./measure.ts";
import { handshake, plugins } from "./shared.ts";

const [program = "", ...args] = process.argv.slice(2);
await using client = await PluginClient.launch({ handshake, plugins, cmd: [program, ...args] });
const kv = await client.dispense("kv_grpc");
await answerRequests(() => kv.get({ key: "hello" }));
