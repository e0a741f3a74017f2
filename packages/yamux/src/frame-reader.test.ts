import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type FrameHeader, type FrameType, headerBytes, writeHeader } from "./frame.ts";
import { FrameReader } from "./frame-reader.ts";

interface Frame extends FrameHeader {
  payload: number[];
}

class Recorder {
  readonly frames: Frame[] = [];
  ends = 0;
  readonly reader = new FrameReader({
    onFrame: (header) => void this.frames.push({ ...header, payload: [] }),
    onPayload: (piece) => void this.frames.at(-1)?.payload.push(...piece),
    onPayloadEnd: () => void this.ends++,
  });
}

const frames = fc.array(
  fc.record({
    type: fc.constantFrom<FrameType>(0, 1, 2, 3),
    flags: fc.nat(0xffff),
    streamId: fc.nat(0xffff_ffff),
    value: fc.nat(0xffff_ffff),
    payload: fc.array(fc.nat(255), { maxLength: 50 }),
  }),
);

test("whatever was written is read, however the bytes are cut", () => {
  fc.assert(
    fc.property(frames, fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }), (list, cuts) => {
      const expected = list.map(({ value, payload, ...rest }) => ({
        ...rest,
        length: rest.type === 0 ? payload.length : value,
        payload: rest.type === 0 ? payload : [],
      }));
      const bytes = Uint8Array.from(expected.flatMap(encode));
      const recorder = new Recorder();
      for (let offset = 0, i = 0; offset < bytes.length; i++) {
        const length = cuts[i % cuts.length] ?? 1;
        recorder.reader.push(bytes.slice(offset, offset + length));
        offset += length;
      }
      assert.deepEqual(recorder.frames, expected);
      assert.equal(recorder.ends, expected.filter(({ type }) => type === 0).length);
    }),
  );
});

test("payload is passed on as it comes, not once its frame is complete", () => {
  const recorder = new Recorder();
  const bytes = Uint8Array.from(
    encode({ type: 0, flags: 0, streamId: 1, length: 0xffff_ffff, payload: [1, 2] }),
  );
  recorder.reader.push(bytes);
  assert.deepEqual(recorder.frames[0]?.payload, [1, 2]);
  assert.equal(recorder.ends, 0);
});

test("a whole chunk of payload is handed over without a view of it", () => {
  const pieces: Uint8Array[] = [];
  const reader = new FrameReader({
    onFrame() {},
    onPayload: (piece) => pieces.push(piece),
    onPayloadEnd() {},
  });
  reader.push(Uint8Array.from(encode({ type: 0, flags: 0, streamId: 1, length: 3, payload: [] })));
  const chunk = Uint8Array.of(1, 2, 3);
  reader.push(chunk);
  assert.equal(pieces[0], chunk);
});

test("a version that is not 0 is refused", () => {
  assert.throws(() => new Recorder().reader.push(new TextEncoder().encode("HTTP/1.1 200")), {
    code: "yamux-bad-version",
    message: "the peer sent a frame of protocol version 72, expected 0: is the other side speaking yamux?",
  });
});

test("a type over 3 is refused", () => {
  const bytes = new Uint8Array(headerBytes);
  bytes[1] = 4;
  assert.throws(() => new Recorder().reader.push(bytes), {
    code: "yamux-bad-frame-type",
    message: "the peer sent a frame of unknown type 4, expected 0 to 3",
  });
});

test("nothing is read after stop, even if it is called from within", () => {
  const seen: number[] = [];
  const reader: FrameReader = new FrameReader({
    onFrame(header) {
      seen.push(header.streamId);
      reader.stop();
    },
    onPayload: () => assert.fail(),
    onPayloadEnd: () => assert.fail(),
  });
  const frame = encode({ type: 0, flags: 0, streamId: 7, length: 1, payload: [1] });
  reader.push(Uint8Array.from([...frame, ...frame]));
  reader.push(Uint8Array.from(frame));
  assert.deepEqual(seen, [7]);
});

function encode({ type, flags, streamId, length, payload }: Frame): number[] {
  const header = new Uint8Array(headerBytes);
  writeHeader(header, 0, type, flags, streamId, length);
  return [...header, ...payload];
}
