import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { connectStream } from "@drawbar/io/node";
import { Session } from "@drawbar/yamux";
import { answerRequests } from "./measure.ts";

// One stream at a time to another process, as fast as it is read there.
const folder = mkdtempSync(join(tmpdir(), "bench-yamux-"));
const path = join(folder, "socket");
const sink = spawn(process.execPath, [fileURLToPath(new URL("./yamux-sink.js", import.meta.url)), path], {
  stdio: ["pipe", "pipe", "inherit"],
});
await once(sink.stdout, "data");
const session = new Session(await connectStream({ network: "unix", path }), { role: "client" });
// As the messages of the gRPC streams.
const chunk = new Uint8Array(64 * 1024);
const chunksPerStream = 512;

function sendStream(): Promise<number> {
  return new Promise((resolve, reject) => {
    const stream = session.open();
    let left = chunksPerStream;
    const fill = (): void => {
      while (left > 0) {
        left--;
        if (!stream.write(chunk)) return;
      }
      stream.end();
    };
    stream.start({
      onData: () => {},
      // The other side ends its half when it has everything.
      onEnd: () => {},
      onDrain: () => (left > 0 ? fill() : stream.end()),
      onClose: (error) => (error === undefined ? resolve(chunk.length * chunksPerStream) : reject(error)),
    });
    fill();
  });
}

await answerRequests({ clientStream: sendStream });
session.destroy();
sink.stdin.end();
rmSync(folder, { recursive: true });
