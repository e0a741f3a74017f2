import { createReadStream, statSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

// Serves one file to whoever asks, and prints its port. Ends with its stdin.
const [file = ""] = process.argv.slice(2);
const { size } = statSync(file);

const server = createServer((request, response) => {
  if (request.url?.endsWith("/kv.tar.gz") !== true) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, { "content-length": size });
  createReadStream(file, { highWaterMark: 1 << 20 }).pipe(response);
});
server.listen(0, "127.0.0.1", () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`);
});
process.stdin.resume().once("end", () => process.exit(0));
