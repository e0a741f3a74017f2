import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from "vscode-jsonrpc/node";
import { answerRequests } from "./measure.ts";

const plugin = spawn(process.execPath, [fileURLToPath(new URL("./jsonrpc-plugin.js", import.meta.url))], {
  stdio: ["pipe", "pipe", "inherit"],
});
const connection = createMessageConnection(
  new StreamMessageReader(plugin.stdout),
  new StreamMessageWriter(plugin.stdin),
);
connection.listen();
await answerRequests({ call: () => connection.sendRequest("get", { key: "hello" }) });
plugin.kill();
