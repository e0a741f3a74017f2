import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("../bundle/bin/drawbar.js", import.meta.url));
const plugin = fileURLToPath(new URL("../../../examples/kv/plugin-grpc", import.meta.url));

test("SIGTERM ends a command with 143, and the plugin that it has started", async () => {
  const args = ["call", "--json", "--verbose", "--cookie", "BASIC_PLUGIN=hello", "Health/Watch", plugin];
  const child = spawn(process.execPath, [program, ...args], { stdio: ["pipe", "pipe", "pipe"] });
  let log = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    log += text;
  });
  const [answer] = await once(child.stdout.setEncoding("utf8"), "data");
  assert.equal(answer, '{"status":"SERVING"}\n');
  child.kill("SIGTERM");
  const [code] = await once(child, "close");
  assert.equal(code, 143, log);
  const pid = Number(/plugin started: .*pid=(\d+)/.exec(log)?.[1]);
  assert.ok(pid > 0, log);
  assert.throws(() => process.kill(pid, 0), { code: "ESRCH" });
});

test("when nobody reads the results, it ends without a word", async () => {
  const child = spawn(process.execPath, [program, "--help"], { stdio: ["ignore", "pipe", "pipe"] });
  child.stdout.destroy();
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  await once(child, "close");
  assert.equal(said, "");
});
