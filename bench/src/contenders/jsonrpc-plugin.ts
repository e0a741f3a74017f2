import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from "vscode-jsonrpc/node";

const values = new Map([["hello", "world"]]);
const connection = createMessageConnection(
  new StreamMessageReader(process.stdin),
  new StreamMessageWriter(process.stdout),
);
connection.onRequest("get", ({ key }: { key: string }) => ({ value: values.get(key) }));
connection.onClose(() => process.exit(0));
connection.listen();
