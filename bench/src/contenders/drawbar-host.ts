import { PluginClient } from "drawbar";
import { answerRequests } from "./measure.ts";
import { chunk, chunksPerStream, handshake, plugins } from "./shared.ts";

const autoMtls = process.argv[2] === "--mtls";
const [program = "", ...args] = process.argv.slice(autoMtls ? 3 : 2);
await using client = await PluginClient.launch({ handshake, plugins, cmd: [program, ...args], autoMtls });
const kv = await client.dispense("kv_grpc");
const streamer = await client.dispense("streamer");

async function* chunks(): AsyncGenerator<{ bytesToWrite: Uint8Array<ArrayBuffer> }> {
  for (let sent = 0; sent < chunksPerStream; sent++) yield { bytesToWrite: chunk };
}

await answerRequests({
  call: () => kv.get({ key: "hello" }),
  serverStream: async () => {
    let bytes = 0;
    for await (const { readBytes } of streamer.read({})) bytes += readBytes.length;
    return bytes;
  },
  clientStream: async () => {
    await streamer.write(chunks());
    return chunk.length * chunksPerStream;
  },
});
