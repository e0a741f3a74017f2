import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { isStatusError } from "@drawbar/grpc";
import { PluginClient } from "drawbar";
import { handshake, plugins } from "./shared.ts";

// `put PATH` streams stdin to the plugin, which keeps it in the file PATH; `get PATH` streams it to stdout.
// STREAMER_PLUGIN is the command to run as the plugin, STREAMER_CHUNK the bytes in a message.
const [command, path = ""] = process.argv.slice(2);
const chunkBytes = Number(process.env["STREAMER_CHUNK"] ?? 64 * 1024);

async function put(): Promise<void> {
  try {
    await streamer.write(pieces(process.stdin));
  } catch (error) {
    // The plugin of go-plugin's example ends the call in order but without the reply; its own host looks away too.
    if (!isStatusError(error) || error.statusMessage !== "expected one reply, got none") throw error;
  }
}

async function get(): Promise<void> {
  await pipeline(async function* () {
    for await (const { readBytes } of streamer.read({})) yield readBytes;
  }, process.stdout);
}

// What stdin gives, in messages of the size agreed on.
async function* pieces(source: AsyncIterable<Uint8Array<ArrayBuffer>>) {
  for await (const block of source) {
    for (let from = 0; from < block.length; from += chunkBytes) {
      yield { bytesToWrite: block.subarray(from, from + chunkBytes) };
    }
  }
}

const commands: Record<string, () => Promise<void>> = { put, get };
const run = commands[command ?? ""];
if (run === undefined || path === "" || !(chunkBytes >= 1)) {
  process.stderr.write("usage: host put PATH < FILE | host get PATH > FILE\n");
  process.exit(2);
}

const own = fileURLToPath(new URL("./plugin.js", import.meta.url));
const other = process.env["STREAMER_PLUGIN"];
await using client = await PluginClient.launch({
  handshake,
  plugins,
  cmd: other === undefined ? [process.execPath, own] : ["sh", "-c", other],
  // Far below the file's size: what is streamed needs no large messages.
  grpc: { maxReceiveMessageBytes: 1024 * 1024 },
});
const streamer = await client.dispense("streamer");
await streamer.configure({ path, chunkSize: BigInt(chunkBytes) });
try {
  await run();
} catch (error) {
  if (!isStatusError(error)) throw error;
  process.stderr.write(`error: ${error.message}\n`);
  process.exitCode = 1;
}
