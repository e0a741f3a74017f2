// The floor: a process that sends back what it is sent over a unix socket.
import { createServer } from "node:net";

const path = process.argv[2] ?? "";
createServer((socket) => socket.on("data", (chunk) => socket.write(chunk))).listen(path, () => {
  process.stdout.write("ready\n");
});
process.stdin.on("end", () => process.exit(0)).resume();
