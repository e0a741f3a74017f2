import assert from "node:assert/strict";
import { test } from "node:test";
import { Http2Error } from "./errors.ts";
import { prepareHeaders } from "./header-list.ts";

const refused: readonly [what: string, list: string[]][] = [
  ["upper case", ["X-A", "1"]],
  ["an empty name", ["", "1"]],
  ["a line break in a value", ["x-a", "1\r\nx-b: 2"]],
  ["a character outside latin-1", ["x-a", "→"]],
  ["an odd number of strings", ["x-a"]],
];
for (const [what, list] of refused) {
  test(`${what} is refused before anything is sent`, () => {
    assert.throws(
      () => prepareHeaders(list),
      (error) => error instanceof Http2Error && error.code === "http2-invalid-header",
    );
  });
}

test("a prepared list is a frozen copy", () => {
  const list = ["x-a", "1"];
  const prepared = prepareHeaders(list);
  list[1] = "2";
  assert.deepEqual(prepared.list, ["x-a", "1"]);
  assert.ok(Object.isFrozen(prepared.list));
});
