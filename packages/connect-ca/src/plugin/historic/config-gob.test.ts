import assert from "node:assert/strict";
import { test } from "node:test";
import * as gob from "@drawbar/gob";
import { configSchema, fromGob, toGob } from "./config-gob.ts";

test("a configuration comes back through gob as it was, integers beyond 2^53 as bigint", () => {
  const config = {
    text: "a",
    yes: true,
    whole: 42,
    negative: -1,
    half: 0.5,
    big: 2n ** 60n,
    nothing: null,
    bytes: Uint8Array.of(1, 2),
    deep: { list: [1, "b", { c: null }] },
  };
  const stream = gob.encode(configSchema, toGob(config));
  assert.deepEqual(fromGob(gob.decode(configSchema, stream)), config);
});

test("what gob has no word for is nil", () => {
  assert.deepEqual(toGob({ missing: undefined, code: () => 1 }), { missing: null, code: null });
});
