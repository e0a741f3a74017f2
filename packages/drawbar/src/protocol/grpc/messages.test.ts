import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { StdioChannel } from "../stdio-buffer.ts";
import { connInfoCodec, stdioChunkCodec } from "./messages.ts";

// Objects as codecs make them.
const plain = { noNullPrototype: true } as const;

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

describe("go-plugin's own messages", () => {
  it("have the bytes that protobuf gives them", () => {
    assert.equal(hex(stdioChunkCodec.encode({ channel: 2, data: Buffer.from("hi") })), "080212026869");
    const info = {
      serviceId: 300,
      network: "tcp",
      address: "a",
      knock: { knock: true, ack: true, error: "" },
    };
    assert.equal(hex(connInfoCodec.encode(info)), "08ac021203746370" + "1a0161" + "220408011001");
  });

  it("are read back as they were written", () => {
    const knock = fc.record({ knock: fc.boolean(), ack: fc.boolean(), error: fc.string() }, plain);
    const info = fc.record(
      {
        serviceId: fc.nat({ max: 2 ** 32 - 1 }),
        network: fc.string(),
        address: fc.string(),
        knock: fc.option(knock, { nil: undefined }),
      },
      plain,
    );
    fc.assert(
      fc.property(info, (value) =>
        assert.deepEqual(connInfoCodec.decode(connInfoCodec.encode(value)), value),
      ),
    );
    const chunk = fc.record({ channel: fc.constantFrom<StdioChannel>(1, 2), data: fc.uint8Array() }, plain);
    fc.assert(
      fc.property(chunk, (value) =>
        assert.deepEqual(stdioChunkCodec.decode(stdioChunkCodec.encode(value)), value),
      ),
    );
  });

  it("may have fields that we do not know", () => {
    const extended = Buffer.from(
      "08011202686978ffffffff0f" + "5d01020304" + "59" + "0102030405060708",
      "hex",
    );
    assert.equal(Buffer.from(stdioChunkCodec.decode(extended).data).toString(), "hi");
  });

  it("that are malformed are refused or read, never hung upon", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        try {
          connInfoCodec.decode(bytes);
        } catch (error) {
          assert.equal((error as { code?: string }).code, "grpc-malformed-protobuf");
        }
      }),
    );
  });
});
