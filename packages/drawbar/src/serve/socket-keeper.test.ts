import assert from "node:assert/strict";
import { mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { ManualClock } from "@drawbar/io/testing";
import { createLogger } from "../log/logger.ts";
import { SocketKeeper } from "./socket-keeper.ts";

describe("a plugin's socket file", () => {
  const folder = mkdtempSync(join(tmpdir(), "drawbar-test-"));
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("is touched every hour, so that it does not look abandoned, and its deletion is told", async () => {
    const path = join(folder, "socket");
    writeFileSync(path, "");
    utimesSync(path, 0, 0);
    const clock = new ManualClock();
    const messages: string[] = [];
    const keeper = new SocketKeeper(
      path,
      clock,
      createLogger({ level: "trace", write: ({ level, message }) => messages.push(`${level} ${message}`) }),
    );
    assert.equal(clock.pendingCount, 1);
    await keeper.touch();
    assert.ok(statSync(path).mtimeMs > 0);
    assert.deepEqual(messages, []);
    rmSync(path);
    await keeper.touch();
    assert.match(messages.join(), /^error the plugin's socket was deleted/);
    keeper.stop();
  });
});
