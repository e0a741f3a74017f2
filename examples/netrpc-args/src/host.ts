import { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { PluginClient } from "drawbar";
import { handshake, plugins } from "./shared.ts";

// Uses the plugin that is named, or this example's own.
const own: [string, ...string[]] = [process.execPath, fileURLToPath(new URL("./plugin.js", import.meta.url))];
const [program, ...args] = process.argv.slice(2);
const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

await using client = await PluginClient.launch({
  handshake,
  plugins,
  cmd: program === undefined ? own : [program, ...args],
});
const workshop = await client.dispense("workshop");

say(`sum: ${await workshop.sum([1, 2, 3, 4], (a, b) => a + b)}`);

const counter = await workshop.newCounter(10);
say(`counter: ${await counter.service.Add(5)}, ${await counter.service.Add(-3)}`);
await counter.close();

const megabyte = Buffer.alloc(1_000_000, "u");
say(`upload: ${await workshop.upload(Readable.from([megabyte, megabyte, megabyte]))} bytes`);

let received = 0;
const counting = new Writable({
  write: (chunk: Buffer, _encoding, done) => {
    received += chunk.length;
    done();
  },
});
await workshop.download("hello, stream\n".repeat(100), 1_000, counting);
say(`download: ${received} bytes`);
