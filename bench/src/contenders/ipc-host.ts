import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { answerRequests } from "./measure.ts";

interface Answer {
  readonly id: number;
  readonly value: string;
}

const plugin = fork(fileURLToPath(new URL("./ipc-plugin.js", import.meta.url)), { serialization: "json" });
const pending = new Map<number, (value: string) => void>();
let lastId = 0;
plugin.on("message", (message) => {
  const { id, value } = message as Answer;
  pending.get(id)?.(value);
  pending.delete(id);
});
await answerRequests({
  call: () =>
    new Promise<string>((resolve) => {
      const id = ++lastId;
      pending.set(id, resolve);
      plugin.send({ id, key: "hello" });
    }),
});
plugin.disconnect();
