import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type ErrorCode, errorCodeName, errorCodeNumber } from "../errors.ts";
import { FrameError } from "./frame-error.ts";
import { type FrameHeader, readFrameHeader, writeFrameHeader } from "./frame-header.ts";
import { goawayLength, readGoaway, writeGoaway } from "./goaway.ts";
import { readSettings, type Settings, settingsLength, writeSettings } from "./settings.ts";

const uint31 = fc.nat(2 ** 31 - 1);
const code = fc.nat(13).map(errorCodeName);

function refusal(errorCode: ErrorCode): (error: unknown) => boolean {
  return (error) => error instanceof FrameError && error.errorCode === errorCode && error.streamId === 0;
}

test("a frame header comes back as it was written", () => {
  const header = fc.record({
    length: fc.nat(2 ** 24 - 1),
    type: fc.nat(255),
    flags: fc.nat(255),
    streamId: uint31,
  });
  fc.assert(
    fc.property(header, (written) => {
      const bytes = new Uint8Array(9);
      assert.equal(
        writeFrameHeader(bytes, 0, written.length, written.type, written.flags, written.streamId),
        9,
      );
      const read: FrameHeader = { length: 0, type: 0, flags: 0, streamId: 0 };
      readFrameHeader(bytes, 0, read);
      assert.deepEqual(read, { ...written });
    }),
  );
});

test("the reserved bit of a stream number is ignored", () => {
  const header: FrameHeader = { length: 0, type: 0, flags: 0, streamId: 0 };
  readFrameHeader(Uint8Array.from([0, 0, 0, 0, 0, 0x80, 0, 0, 7]), 0, header);
  assert.equal(header.streamId, 7);
});

test("SETTINGS come back as they were written", () => {
  const settings = fc.record(
    {
      headerTableBytes: fc.nat(2 ** 32 - 1),
      enablePush: fc.boolean(),
      maxConcurrentStreams: fc.nat(2 ** 32 - 1),
      initialWindowBytes: uint31,
      maxFrameBytes: fc.integer({ min: 2 ** 14, max: 2 ** 24 - 1 }),
      maxHeaderListBytes: fc.nat(2 ** 32 - 1),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(settings, (written: Settings) => {
      const bytes = new Uint8Array(settingsLength(written));
      assert.equal(writeSettings(bytes, 0, written), bytes.length);
      assert.deepEqual(readSettings(bytes, 0, bytes.length), { ...written });
    }),
  );
});

test("GOAWAY comes back as it was written", () => {
  const goaway = fc.record({
    lastStreamId: uint31,
    errorCode: code,
    debugText: fc.string({ maxLength: 200 }),
  });
  fc.assert(
    fc.property(goaway, (written) => {
      const bytes = new Uint8Array(goawayLength(written));
      assert.equal(writeGoaway(bytes, 0, written), bytes.length);
      assert.deepEqual(readGoaway(bytes, 0, bytes.length), { ...written });
    }),
  );
});

test("at most 1 KiB of GOAWAY's debug data is kept", () => {
  assert.equal(readGoaway(new Uint8Array(10_000).fill(0x61, 8), 0, 10_000).debugText.length, 1024);
});

test("every error code has its own number, and an unknown one counts as INTERNAL_ERROR", () => {
  for (let number = 0; number < 14; number++) assert.equal(errorCodeNumber(errorCodeName(number)), number);
  assert.equal(errorCodeName(14), "INTERNAL_ERROR");
});

test("settings outside their range are refused with the code that the RFC names", () => {
  const read = (id: number, value: number): Settings => {
    const bytes = Buffer.alloc(6);
    bytes.writeUInt16BE(id, 0);
    bytes.writeUInt32BE(value, 2);
    return readSettings(bytes, 0, 6);
  };
  assert.throws(() => read(2, 2), refusal("PROTOCOL_ERROR"));
  assert.throws(() => read(4, 2 ** 31), refusal("FLOW_CONTROL_ERROR"));
  assert.throws(() => read(5, 2 ** 14 - 1), refusal("PROTOCOL_ERROR"));
  assert.throws(() => read(5, 2 ** 24), refusal("PROTOCOL_ERROR"));
  assert.deepEqual(read(99, 1), {});
  assert.throws(() => readSettings(new Uint8Array(7), 0, 7), refusal("FRAME_SIZE_ERROR"));
  assert.throws(() => readGoaway(new Uint8Array(7), 0, 7), refusal("FRAME_SIZE_ERROR"));
});
