import { createServer } from "node:net";
import { socketStream } from "@drawbar/io/node";
import { Session } from "@drawbar/yamux";

const path = process.argv[2] ?? "";
createServer((socket) => {
  new Session(socketStream(socket), {
    role: "server",
    onStream: (stream) =>
      stream.start({
        onData: () => {},
        onEnd: () => stream.end(),
        onDrain: () => {},
        onClose: () => {},
      }),
  });
}).listen(path, () => {
  process.stdout.write("ready\n");
});
process.stdin.on("end", () => process.exit(0)).resume();
