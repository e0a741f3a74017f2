import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { encodePem, parsePem, singlePemBlock } from "./pem.ts";

test("blocks read back as they were written, in order, with text around them", () => {
  const blocks = fc.array(
    fc.tuple(
      fc.constantFrom("CERTIFICATE", "EC PRIVATE KEY"),
      fc.uint8Array({ minLength: 1, maxLength: 300 }),
    ),
    { minLength: 1, maxLength: 5 },
  );
  fc.assert(
    fc.property(blocks, fc.constantFrom("", "# note\n", "\r\n\n"), (list, between) => {
      const text = list.map(([label, der]) => between + encodePem(label, der)).join("");
      assert.deepEqual(
        parsePem(text).map(({ label, der }) => [label, der]),
        list,
      );
    }),
  );
});

test("lines may end in CRLF and be of any length", () => {
  assert.deepEqual(
    parsePem("-----BEGIN A-----\r\nAQID\r\nBA==\r\n-----END A-----").map(({ der }) => [...der]),
    [[1, 2, 3, 4]],
  );
});

test("a damaged block is an error with its place, not skipped", () => {
  const cases: [string, RegExp, number][] = [
    ["", /no PEM-encoded data found/, 0],
    ["hello", /no PEM-encoded data found/, 0],
    ["-----BEGIN A-----\nAQID\n", /BEGIN A without END/, 0],
    ["x\n-----END A-----\n", /END without BEGIN/, 2],
    ["-----BEGIN A-----\nAQID\n-----END B-----\n", /expected END A, found END B/, 23],
    ["-----BEGIN A-----\n-----BEGIN A-----\nAQID\n-----END A-----\n", /expected END A, found BEGIN A/, 18],
    ["-----BEGIN A-----\nA*ID\n-----END A-----\n", /malformed base64/, 0],
    ["-----BEGIN A-----\nAQI\n-----END A-----\n", /malformed base64/, 0],
    ["-----BEGIN A-----\nAR==\n-----END A-----\n", /malformed base64/, 0],
    ["-----BEGIN A-----\n-----END A-----\n", /malformed base64/, 0],
    ["-----BEGIN A----\nAQID\n-----END A-----\n", /malformed boundary/, 0],
    ["-----BEGIN A-----\nProc-Type: 4,ENCRYPTED\n\nAQID\n-----END A-----\n", /headers/, 0],
  ];
  for (const [text, message, offset] of cases) {
    assert.throws(() => parsePem(text), { code: "malformed_pem", message, facts: { offset } }, text);
  }
});

test("text, blocks and bytes have limits", () => {
  const block = encodePem("A", Uint8Array.of(1, 2, 3));
  assert.throws(() => parsePem(block, { pemBytes: 10 }), { code: "limit_exceeded" });
  assert.throws(() => parsePem(block.repeat(3), { pemBlocks: 2 }), { code: "limit_exceeded" });
  assert.throws(() => parsePem(block, { derBytes: 2 }), { code: "limit_exceeded" });
});

test("a single block must have the right label and be alone", () => {
  const block = encodePem("A", Uint8Array.of(1));
  assert.deepEqual([...singlePemBlock(block, ["B", "A"]).der], [1]);
  assert.throws(() => singlePemBlock(block, ["B"]), {
    code: "malformed_pem",
    message: /PEM block is A, expected B/,
  });
  assert.throws(() => singlePemBlock(block + block, ["A"]), {
    code: "malformed_pem",
    message: /found another/,
  });
});
