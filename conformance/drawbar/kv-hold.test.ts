import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { example } from "./run-program.ts";
import { scratchFolder } from "./scratch-folder.ts";

describe("the key/value example's host, told to hold", () => {
  for (const signal of ["SIGTERM", "SIGINT", "SIGKILL"] as const) {
    it(`stays until ${signal}, and leaves neither plugin nor socket behind`, async () => {
      using folder = scratchFolder();
      const temporary = join(folder.path, "temporary");
      mkdirSync(temporary);
      // The plugin keeps a pipe open while it lives: its reader ends when the plugin is gone.
      const pipe = join(folder.path, "alive");
      execFileSync("mkfifo", [pipe]);
      const pluginEnd = once(spawn("cat", [pipe], { stdio: "ignore" }), "exit");
      const env = { TMPDIR: temporary, KV_PLUGIN: `exec 9>${pipe}; exec ${example("kv/plugin-grpc")}` };
      const host = spawn(example("kv/host"), ["hold"], {
        cwd: folder.path,
        env: { ...process.env, ...env },
        stdio: ["ignore", "pipe", "inherit"],
      });
      const hostEnd = once(host, "exit");
      const [line] = await once(host.stdout, "data");
      assert.match(String(line), /^holding plugin \d+\n$/);
      assert.notDeepEqual(readdirSync(temporary), []);
      host.kill(signal);
      await hostEnd;
      await pluginEnd;
      assert.deepEqual(readdirSync(temporary), []);
    });
  }
});
