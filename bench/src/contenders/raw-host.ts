import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { answerRequests } from "./measure.ts";

const folder = mkdtempSync(join(tmpdir(), "bench-raw-"));
const path = join(folder, "socket");
const plugin = spawn(process.execPath, [fileURLToPath(new URL("./raw-plugin.js", import.meta.url)), path], {
  stdio: ["pipe", "pipe", "inherit"],
});
await once(plugin.stdout, "data");
const socket = connect(path);
await once(socket, "connect");

const message = Buffer.from("hello, world");
let settle: (() => void) | undefined;
socket.on("data", () => settle?.());
await answerRequests({
  call: () =>
    new Promise<void>((resolve) => {
      settle = resolve;
      socket.write(message);
    }),
});
plugin.stdin.end();
socket.destroy();
rmSync(folder, { recursive: true });
