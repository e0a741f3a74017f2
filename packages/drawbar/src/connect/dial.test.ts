import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { pluginDial } from "./dial.ts";

describe("connections to a plugin", () => {
  const folder = mkdtempSync(join(tmpdir(), "drawbar-dial-"));
  const address = { network: "unix", path: join(folder, "s") } as const;
  const server = createServer((socket) => socket.end("hello"));
  before(() => once(server.listen(address.path), "listening"));
  after(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });

  it("are the one that it was started with, and after that made at its address", async () => {
    const inherited = [new Socket()];
    const dial = pluginDial(address, () => inherited.pop());
    const { signal } = new AbortController();
    const [first] = inherited;
    assert.equal(await dial(signal), first);
    const second = await dial(signal);
    assert.ok(second instanceof Socket);
    assert.equal(String((await once(second, "data"))[0]), "hello");
    second.destroy();
  });
});
