import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Client, credentials } from "@grpc/grpc-js";
import { helloRequest, kvService } from "./grpcjs-service.ts";
import { answerRequests } from "./measure.ts";

const folder = mkdtempSync(join(tmpdir(), "bench-grpcjs-"));
const path = join(folder, "socket");
const plugin = spawn(
  process.execPath,
  [fileURLToPath(new URL("./grpcjs-plugin.js", import.meta.url)), path],
  { stdio: ["pipe", "pipe", "inherit"] },
);
await once(plugin.stdout, "data");
const client = new Client(`unix:${path}`, credentials.createInsecure());
const { get } = kvService;
await answerRequests({
  call: () =>
    new Promise((resolve, reject) => {
      client.makeUnaryRequest(
        get.path,
        get.requestSerialize,
        get.responseDeserialize,
        helloRequest(),
        (error, value) => (error === null ? resolve(value) : reject(error)),
      );
    }),
});
client.close();
plugin.stdin.end();
rmSync(folder, { recursive: true });
