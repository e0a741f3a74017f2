import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { readdirSync } from "node:fs";
import { describe, it } from "node:test";
import { heapBytes } from "../support/heap.ts";
import { holdings, leftOver } from "../support/holdings.ts";
import { launchSubject, subjects } from "./longevity-subjects.ts";
import { scratchFolder } from "./scratch-folder.ts";

// DRAWBAR_LONG=1 is the long form.
const launches = process.env["DRAWBAR_LONG"] === "1" ? 10_000 : 200;
const atOnce = 4;
const warmUps = atOnce;
const ways = subjects.flatMap((subject) => [false, true].map((autoMtls) => ({ subject, autoMtls })));

/** Of 200 launches: the others' plugins start in a fifth of the time of a node program, and the host is the same. */
function shareOf(name: string): number {
  return (launches / 2) * (name.startsWith("drawbar") ? 0.05 : 0.45);
}

describe(`a host that launched and killed ${launches} plugins holds nothing more`, () => {
  for (const { subject, autoMtls } of ways) {
    const count = shareOf(subject.name);
    it(`after ${count} on ${subject.name}${autoMtls ? " with AutoMTLS" : ""}`, async (t) => {
      using folder = scratchFolder();
      // One for all of them, as a program's own would be.
      const { signal } = new AbortController();
      const settings = { env: { TMPDIR: folder.path }, signal, autoMtls, managed: true };
      const launchAndKill = async (): Promise<void> => {
        const { client, work } = await launchSubject(subject, settings);
        await using _ended = client;
        await work.call();
        await client.kill();
        assert.deepEqual(await client.exited, { exitCode: 0, signal: undefined });
      };
      const repeat = async (times: number): Promise<void> => {
        let left = times;
        const one = async (): Promise<void> => {
          while (left-- > 0) await launchAndKill();
        };
        await Promise.all(Array.from({ length: atOnce }, one));
      };

      // What is made once: modules, node's own descriptors, compiled code.
      await repeat(warmUps);
      const before = holdings();
      const bytesBefore = await heapBytes();
      await repeat(count);
      assert.deepEqual(await leftOver(before), {}, "left over");
      assert.equal(getEventListeners(signal, "abort").length, 0, "listeners of the caller's signal");
      assert.deepEqual(readdirSync(folder.path), [], "files");
      const grown = (await heapBytes()) - bytesBefore;
      t.diagnostic(`the heap grew by ${Math.round(grown / 1024)} KiB`);
      // A client that stayed would be 30 KiB or more each time; what is compiled and cached is not more each time.
      assert.ok(grown < 2_000_000 + count * 1_000, `the heap grew by ${grown} bytes`);
    });
  }
});
