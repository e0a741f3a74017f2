import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { InstallError } from "@drawbar/install";
import { hostileTars } from "./hostile-tars.ts";
import { hostileZips } from "./hostile-zips.ts";
import { scratch } from "./unpack-in-scratch.ts";

const table = [
  ...hostileTars.map((row) => ({ kind: "tar", row })),
  ...hostileTars.map(([what, bytes, code, message]) => ({
    kind: "tar.gz",
    row: [what, gzipSync(bytes, { level: 1 }), code, message] as const,
  })),
  ...hostileZips.map((row) => ({ kind: "zip", row })),
];

for (const { kind, row } of table) {
  const [what, bytes, code, message] = row;
  test(`refuses a ${kind} with ${what}, and leaves nothing`, async () => {
    await using place = await scratch();
    await assert.rejects(place.unpack(`plugin.${kind}`, bytes), (error) => {
      assert.ok(error instanceof InstallError, String(error));
      assert.equal(error.code, code, error.message);
      assert.match(error.message, message);
      return true;
    });
    await place.assertUntouched();
  });
}
