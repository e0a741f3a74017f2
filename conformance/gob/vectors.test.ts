import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { promisify } from "node:util";
import { peerPath } from "../support/peer-path.ts";

// From conformance/dist/gob, where this file runs.
const recorded = new URL("../../../packages/gob/test/go-vectors.ts", import.meta.url);

test("the package's vectors are what the peer prints", async () => {
  const { stdout } = await promisify(execFile)(await peerPath("gob"), ["vectors"]);
  const streams = (text: string): string[] => text.match(/"[0-9a-f]+"/g) ?? [];
  assert.ok(streams(stdout).length > 5);
  assert.deepEqual(streams(await readFile(recorded, "utf8")), streams(stdout));
});
