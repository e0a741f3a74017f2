import { createReadStream, createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { StatusError } from "@drawbar/grpc";
import { pluginLogger, serve } from "drawbar";
import { handshake, plugins } from "./shared.ts";

// Keeps one file, whose path the host sets. Neither side ever holds more of it than a few messages: a slow disk
// holds up the host, and a slow host the disk.
const logger = pluginLogger({ name: "streamer" });
let path = "";
let chunkBytes = 0;

await serve({
  handshake,
  plugins: {
    streamer: plugins.streamer.implement({
      configure(request) {
        if (request.path === "" || request.chunkSize < 1n) {
          throw new StatusError("INVALID_ARGUMENT", "expected a path and a chunk size of at least 1 byte");
        }
        ({ path } = request);
        chunkBytes = Number(request.chunkSize);
        return {};
      },

      async write(chunks) {
        const file = createWriteStream(configured());
        await pipeline(async function* () {
          for await (const { bytesToWrite } of chunks) yield bytesToWrite;
        }, file);
        logger.info("written", { path, bytes: file.bytesWritten });
        return {};
      },

      async *read(_, { signal }) {
        const file = createReadStream(configured(), { highWaterMark: chunkBytes, signal });
        for await (const chunk of file) yield { readBytes: new Uint8Array(chunk as Buffer) };
        logger.info("read", { path, bytes: file.bytesRead });
      },
    }),
  },
});

function configured(): string {
  if (path === "") throw new StatusError("FAILED_PRECONDITION", "call Configure before Read and Write");
  return path;
}
