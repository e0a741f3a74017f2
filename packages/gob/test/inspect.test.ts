import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import * as gob from "@drawbar/gob";
import { hex } from "./go-types.ts";
import { goVectors } from "./go-vectors.ts";

const program = fileURLToPath(new URL("bin/gob-dump.js", import.meta.resolve("@drawbar/gob")));
const run = promisify(execFile);

test("a stream is shown as its types and values", () => {
  assert.equal(
    gob.inspect(hex(goVectors["marshalers"] ?? "")),
    `type 71 = struct Marshalers { Time Time; Big type 73; URL type 74 }
type 72 = Time, encoded by its gob method
type 73 = , encoded by its gob method
type 74 = , encoded by its binary method
type 77 = struct Userinfo {  }
bytes 0 to 170: Marshalers {
  Time: Time(2024-02-29T12:30:00.123456789+02:00)
  Big: Int?(-1099511627776)
  URL: URL?(https://example.com/a?b=c)
}
`,
  );
});

test("a broken stream is shown as far as it goes", () => {
  const shown = gob.inspect(hex(`${goVectors["point"]}04ff840100`));
  assert.match(
    shown,
    /^type 64 = struct Point \{ X int; Y int \}\nbytes 0 to 39: Point \{ X: 22, Y: 33 \}\nerror gob-type: /,
  );
});

test("gob-dump prints the stream in a file, and says how it is used", async () => {
  const folder = await mkdtemp(join(tmpdir(), "gob-dump-"));
  const file = join(folder, "point.gob");
  await writeFile(file, hex(goVectors["point"] ?? ""));
  const { stdout } = await run(process.execPath, [program, file]);
  assert.match(stdout, /Point \{ X: 22, Y: 33 \}/);
  await assert.rejects(run(process.execPath, [program]), { code: 2, stderr: /usage: gob-dump FILE/ });
  await assert.rejects(run(process.execPath, [program, join(folder, "none")]), { code: 1, stderr: /ENOENT/ });
  await rm(folder, { recursive: true });
});
