import { PluginClient } from "drawbar";
import { answerRequests } from "./measure.ts";
import { handshake, plugins } from "./shared.ts";

const [autoMtls, ...command] = process.argv.slice(2);
await using client = await PluginClient.launch({
  handshake,
  plugins,
  cmd: command,
  autoMtls: autoMtls === "mtls",
});
const kv = await client.dispense("kv_grpc");
await answerRequests(() => kv.get({ key: "hello" }));
