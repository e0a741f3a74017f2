import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { complaints } from "./go-complaints.ts";
import { GoHost, GoHostError } from "./go-host.ts";
import { goReleases } from "./probe.ts";
import { scratchFolder } from "./scratch-folder.ts";

const ourPlugin = [process.execPath, fileURLToPath(new URL("./probe-plugin.js", import.meta.url))];

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}

function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
}

// What a Go host's operation fails with.
async function failure(work: Promise<unknown>): Promise<GoHostError> {
  const error = await work.then(
    (result) => assert.fail(`succeeded with ${JSON.stringify(result)}`),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof GoHostError, String(error));
  return error;
}

for (const release of goReleases) {
  describe(`a host on go-plugin ${release} with our plugin`, () => {
    it("starts it over gRPC on a unix socket, pings and kills it without force", async () => {
      using folder = scratchFolder();
      await using host = await GoHost.launch(release, ourPlugin, folder.path);
      const started = (await host.ask({ op: "start" })) as { pid: number };
      assert.deepEqual(started, { protocol: "grpc", version: 1, network: "unix", pid: started.pid });
      assert.equal(await host.ask({ op: "ping" }), "pong");
      assert.equal(await host.ask({ op: "kill" }), true);
      assert.ok(isGone(started.pid));
      assert.deepEqual(complaints(host.log, release), []);
    });

    it("makes calls of all four kinds", async () => {
      using folder = scratchFolder();
      await using host = await GoHost.launch(release, ourPlugin, folder.path);
      assert.equal(await host.ask({ op: "echo", bytes: base64("hello") }), base64("hello"));
      assert.deepEqual(await host.ask({ op: "count", numbers: [5] }), [1, 2, 3, 4, 5]);
      assert.equal(await host.ask({ op: "sum", numbers: [4_000_000_000, 4_000_000_000] }), 8_000_000_000);
      assert.deepEqual(await host.ask({ op: "chat", lines: ["one", "two"] }), ["ONE", "TWO"]);
      await host.ask({ op: "put", text: "key", bytes: base64("value") });
      assert.equal(await host.ask({ op: "get", text: "key" }), base64("value\n\nWritten from drawbar"));
    });

    it("passes messages up to the plugin's 4 MiB, and gets RESOURCE_EXHAUSTED beyond", async () => {
      using folder = scratchFolder();
      await using host = await GoHost.launch(release, ourPlugin, folder.path);
      const large = Buffer.alloc(4 * 1024 * 1024 - 16, "x").toString("base64");
      assert.equal(await host.ask({ op: "echo", bytes: large }), large);
      const tooLarge = Buffer.alloc(4 * 1024 * 1024, "x").toString("base64");
      const error = await failure(host.ask({ op: "echo", bytes: tooLarge }));
      assert.equal(error.status, "ResourceExhausted");
      assert.match(error.message, /maxReceiveMessageBytes/);
      assert.equal(await host.ask({ op: "ping" }), "pong");
    });

    it("sees statuses and plain errors of handlers", async () => {
      using folder = scratchFolder();
      await using host = await GoHost.launch(release, ourPlugin, folder.path);
      const status = await failure(host.ask({ op: "do", text: "fail 5 no such thing: 100 % ünknown" }));
      assert.deepEqual(
        [status.status, status.message],
        ["NotFound", "rpc error: code = NotFound desc = no such thing: 100 % ünknown"],
      );
      const plain = await failure(host.ask({ op: "do", text: "error it broke" }));
      assert.deepEqual(
        [plain.status, plain.message],
        ["Unknown", "rpc error: code = Unknown desc = it broke"],
      );
    });

    it("cuts a call off at its deadline, and the handler learns of it", async () => {
      using folder = scratchFolder();
      await using host = await GoHost.launch(release, ourPlugin, folder.path);
      await host.ask({ op: "start" });
      const error = await failure(host.ask({ op: "do", text: "sleep 60000", timeoutMs: 200 }));
      assert.equal(error.status, "DeadlineExceeded");
      // The handler's log line comes by another way than the call's end, but before the process's.
      await host.ask({ op: "kill" });
      assert.match(host.log, /"@message":"cancelled"/);
    });

    it("gets the plugin's log lines as they were, and its stdout and stderr by stdio", async () => {
      using folder = scratchFolder();
      await using host = await GoHost.launch(release, ourPlugin, folder.path);
      await host.ask({ op: "do", text: "warn watch out" });
      await host.ask({ op: "do", text: "stdout on the way out" });
      await host.ask({ op: "do", text: "stderr on the way down" });
      await host.ask({ op: "kill" });
      const lines = host.log.split("\n").filter((line) => line.includes("watch out"));
      const entry = JSON.parse(lines[0] ?? "{}") as Record<string, unknown>;
      assert.deepEqual([entry["@level"], entry["from"], entry["number"]], ["warn", "probe", 7]);
      assert.equal(await host.ask({ op: "stdout" }), "on the way out\n");
      assert.equal(await host.ask({ op: "stderr" }), "on the way down\n");
    });

    it("sees UNAVAILABLE when the plugin dies in the middle of a call, and its last words in the log", async () => {
      using folder = scratchFolder();
      await using host = await GoHost.launch(release, ourPlugin, folder.path);
      const error = await failure(host.ask({ op: "do", text: "panic the disk is on fire" }));
      assert.equal(error.status, "Unavailable");
      await host.ask({ op: "kill" });
      assert.match(host.log, /the disk is on fire/);
      assert.match(host.log, /plugin process exited/);
    });

    it("negotiates the highest version that both have", async () => {
      using folder = scratchFolder();
      const command = [...ourPlugin, "2,4,5"];
      await using host = await GoHost.launch(release, command, folder.path, ["-versions", "3,4,2,7"]);
      const started = (await host.ask({ op: "start" })) as { version: number };
      assert.equal(started.version, 4);
      assert.equal(await host.ask({ op: "echo", bytes: base64("four") }), base64("four"));
    });

    it("refuses it when they have no version in common, naming the plugin's lowest", async () => {
      using folder = scratchFolder();
      const command = [...ourPlugin, "9,8"];
      await using host = await GoHost.launch(release, command, folder.path, ["-versions", "3"]);
      const error = await failure(host.ask({ op: "start" }));
      assert.match(
        error.message,
        /incompatible API version with plugin\. Plugin version: 8, Client versions: \[3\]/i,
      );
    });
  });
}
