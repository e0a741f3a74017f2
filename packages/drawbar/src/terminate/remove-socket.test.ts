import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, it } from "node:test";
import { removeSocket } from "./remove-socket.ts";

const folders: string[] = [];
const servers: ReturnType<typeof createServer>[] = [];

function folder(prefix: string, parent: string = tmpdir()): string {
  const path = mkdtempSync(join(parent, prefix));
  folders.push(path);
  return path;
}

function listen(path: string): Promise<string> {
  const server = createServer();
  servers.push(server);
  return new Promise((resolve) => server.listen(path, () => resolve(path)));
}

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
  for (const path of folders.splice(0)) rmSync(path, { recursive: true, force: true });
});

describe("what a plugin left behind", () => {
  it("is removed: its socket, those of its brokered connections, and the folder that was made for them", async () => {
    const made = folder("drawbar-");
    const path = await listen(join(made, "plugin.sock"));
    await listen(join(made, "b1"));
    removeSocket({ network: "unix", path }, Date.now() - 1000);
    assert.ok(!existsSync(made));
  });

  it("is removed from a folder of somebody else's, which stays", async () => {
    const other = folder("drawbar-of-others-");
    const path = await listen(join(other, "plugin123"));
    removeSocket({ network: "unix", path }, Date.now() - 1000);
    assert.ok(!existsSync(path));
    assert.ok(existsSync(other));
  });

  it("is not taken for it if it is older than the plugin, or no socket", async () => {
    const made = folder("drawbar-");
    const path = await listen(join(made, "plugin.sock"));
    const file = join(made, "file");
    writeFileSync(file, "");
    removeSocket({ network: "unix", path }, Date.now() + 60_000);
    removeSocket({ network: "unix", path: file }, 0);
    assert.ok(existsSync(file));
  });
});
