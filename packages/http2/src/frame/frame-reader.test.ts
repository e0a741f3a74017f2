import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { ErrorCode } from "../errors.ts";
import { FrameReader } from "./frame-reader.ts";
import type { FrameSink } from "./frame-sink.ts";
import { frameFlag, frameType } from "./frame-type.ts";
import { clientPreface } from "./preface.ts";

const limits = { maxFrameBytes: 16_384, maxHeaderBlockBytes: 20_000 };

/** Writes down what it is told, with the chunks of one DATA frame put together. */
class Log implements FrameSink {
  readonly lines: string[] = [];
  #data = "";

  onDataFrame(streamId: number, flowBytes: number, paddingBytes: number, endStream: boolean): void {
    this.#data = `DATA ${streamId} ${flowBytes} ${paddingBytes} ${endStream} `;
  }

  onDataChunk(chunk: Uint8Array, last: boolean, endStream: boolean): void {
    this.#data += Buffer.from(chunk).toString("hex");
    if (last) this.lines.push(`${this.#data} ${endStream}`);
  }

  onHeaders(streamId: number, bytes: Uint8Array, start: number, end: number, endStream: boolean): void {
    this.lines.push(
      `HEADERS ${streamId} ${Buffer.from(bytes.subarray(start, end)).toString("hex")} ${endStream}`,
    );
  }

  onPriority(streamId: number): void {
    this.lines.push(`PRIORITY ${streamId}`);
  }

  onRstStream(streamId: number, errorCode: ErrorCode): void {
    this.lines.push(`RST_STREAM ${streamId} ${errorCode}`);
  }

  onSettings(settings: object): void {
    this.lines.push(`SETTINGS ${JSON.stringify(settings)}`);
  }

  onSettingsAck(): void {
    this.lines.push("SETTINGS ACK");
  }

  onPing(bytes: Uint8Array, offset: number, ack: boolean): void {
    this.lines.push(`PING ${Buffer.from(bytes.subarray(offset, offset + 8)).toString("hex")} ${ack}`);
  }

  onGoaway(goaway: object): void {
    this.lines.push(`GOAWAY ${JSON.stringify(goaway)}`);
  }

  onWindowUpdate(streamId: number, increment: number): void {
    this.lines.push(`WINDOW_UPDATE ${streamId} ${increment}`);
  }

  onUnknownFrame(type: number): void {
    this.lines.push(`unknown ${type}`);
  }

  onStreamError(streamId: number, errorCode: ErrorCode): void {
    this.lines.push(`stream error ${streamId} ${errorCode}`);
  }

  onConnectionError(errorCode: ErrorCode): void {
    this.lines.push(`connection error ${errorCode}`);
  }
}

function frame(
  type: number,
  flags: number,
  streamId: number,
  payload: Uint8Array = new Uint8Array(),
): Buffer {
  const bytes = Buffer.alloc(9 + payload.length);
  bytes.writeUIntBE(payload.length, 0, 3);
  bytes[3] = type;
  bytes[4] = flags;
  bytes.writeUInt32BE(streamId, 5);
  bytes.set(payload, 9);
  return bytes;
}

const settings = frame(frameType.settings, 0, 0);

function read(bytes: Uint8Array, role: "client" | "server" = "client"): string[] {
  const log = new Log();
  new FrameReader(log, limits, role).push(bytes);
  return log.lines;
}

function afterSettings(...frames: Uint8Array[]): string[] {
  return read(Buffer.concat([settings, ...frames])).slice(1);
}

const payload = fc.uint8Array({ maxLength: 30 });
const anyFrame = fc
  .tuple(fc.nat(10), fc.nat(255), fc.nat(3), fc.oneof(payload, fc.uint8Array({ minLength: 4, maxLength: 8 })))
  .map(([type, flags, streamId, bytes]) => frame(type, flags, streamId, bytes));
const anyStream = fc
  .array(fc.oneof(anyFrame, payload), { maxLength: 20 })
  .map((parts) => Buffer.concat(parts));

test("what is read does not depend on how the bytes were cut into chunks", () => {
  fc.assert(
    fc.property(anyStream, fc.array(fc.integer({ min: 1, max: 25 }), { minLength: 1 }), (bytes, sizes) => {
      const all = Buffer.concat([settings, bytes]);
      const log = new Log();
      const reader = new FrameReader(log, limits, "client");
      for (let at = 0, i = 0; at < all.length; i++) {
        const size = sizes[i % sizes.length] ?? 1;
        // A fresh copy each time, as a chunk is only valid during the call.
        const chunk = Uint8Array.from(all.subarray(at, at + size));
        reader.push(chunk);
        chunk.fill(0xee);
        at += size;
      }
      assert.deepEqual(log.lines, read(all));
    }),
    { numRuns: 1000 },
  );
});

test("DATA is passed on before its frame is complete", () => {
  const chunks: number[] = [];
  const log = new Log();
  log.onDataChunk = (chunk) => chunks.push(chunk.length);
  const reader = new FrameReader(log, limits, "client");
  const bytes = Buffer.concat([settings, frame(frameType.data, 0, 1, new Uint8Array(1000))]);
  reader.push(bytes.subarray(0, settings.length + 9 + 100));
  reader.push(bytes.subarray(settings.length + 9 + 100));
  assert.deepEqual(chunks, [100, 900]);
});

test("a field block is put together from HEADERS, padding, priority and CONTINUATION", () => {
  const flags = frameFlag.padded | frameFlag.priority | frameFlag.endStream;
  const first = frame(frameType.headers, flags, 1, Uint8Array.from([2, 0, 0, 0, 3, 16, 0xaa, 0, 0]));
  const second = frame(frameType.continuation, 0, 1, Uint8Array.from([0xbb]));
  const third = frame(frameType.continuation, frameFlag.endHeaders, 1, Uint8Array.from([0xcc]));
  assert.deepEqual(afterSettings(first, second, third), ["HEADERS 1 aabbcc true"]);
});

test("a server begins to read after the client's preface, and refuses another at its first wrong byte", () => {
  assert.deepEqual(read(Buffer.concat([clientPreface, settings]), "server"), ["SETTINGS {}"]);
  assert.deepEqual(read(Buffer.from("GET"), "server"), ["connection error PROTOCOL_ERROR"]);
});

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
const { data, headers, priority, rstStream, ping, goaway, windowUpdate, continuation, pushPromise } =
  frameType;
const violations: readonly [what: string, frames: Uint8Array[], outcome: string][] = [
  [
    "a frame longer than was announced",
    [frame(data, 0, 1, new Uint8Array(16_385))],
    "connection error FRAME_SIZE_ERROR",
  ],
  ["DATA on stream 0", [frame(data, 0, 0)], "connection error PROTOCOL_ERROR"],
  ["padding that fills its frame", [frame(data, 8, 1, bytes(1))], "connection error PROTOCOL_ERROR"],
  ["padded DATA without its length", [frame(data, 8, 1)], "connection error FRAME_SIZE_ERROR"],
  ["HEADERS on stream 0", [frame(headers, 4, 0)], "connection error PROTOCOL_ERROR"],
  [
    "HEADERS shorter than their priority",
    [frame(headers, 0x24, 1, bytes(0))],
    "connection error PROTOCOL_ERROR",
  ],
  [
    "a frame inside a field block",
    [frame(headers, 0, 1), frame(ping, 0, 0, new Uint8Array(8))],
    "connection error PROTOCOL_ERROR",
  ],
  [
    "CONTINUATION of another stream",
    [frame(headers, 0, 1), frame(continuation, 0, 3)],
    "connection error PROTOCOL_ERROR",
  ],
  ["CONTINUATION alone", [frame(continuation, 4, 1)], "connection error PROTOCOL_ERROR"],
  ["PRIORITY of another length", [frame(priority, 0, 1, bytes(0))], "stream error 1 FRAME_SIZE_ERROR"],
  [
    "a stream that depends on itself",
    [frame(priority, 0, 1, bytes(0, 0, 0, 1, 0))],
    "stream error 1 PROTOCOL_ERROR",
  ],
  ["RST_STREAM on stream 0", [frame(rstStream, 0, 0, new Uint8Array(4))], "connection error PROTOCOL_ERROR"],
  ["RST_STREAM of another length", [frame(rstStream, 0, 1, bytes(0))], "connection error FRAME_SIZE_ERROR"],
  ["SETTINGS on a stream", [frame(frameType.settings, 0, 1)], "connection error PROTOCOL_ERROR"],
  [
    "an acknowledgement with settings",
    [frame(frameType.settings, 1, 0, new Uint8Array(6))],
    "connection error FRAME_SIZE_ERROR",
  ],
  [
    "a server that enables push",
    [frame(frameType.settings, 0, 0, bytes(0, 2, 0, 0, 0, 1))],
    "connection error PROTOCOL_ERROR",
  ],
  ["PUSH_PROMISE", [frame(pushPromise, 4, 1, new Uint8Array(4))], "connection error PROTOCOL_ERROR"],
  ["PING on a stream", [frame(ping, 0, 1, new Uint8Array(8))], "connection error PROTOCOL_ERROR"],
  ["PING of another length", [frame(ping, 0, 0, new Uint8Array(7))], "connection error FRAME_SIZE_ERROR"],
  ["GOAWAY on a stream", [frame(goaway, 0, 1, new Uint8Array(8))], "connection error PROTOCOL_ERROR"],
  [
    "WINDOW_UPDATE of another length",
    [frame(windowUpdate, 0, 0, bytes(0))],
    "connection error FRAME_SIZE_ERROR",
  ],
  ["WINDOW_UPDATE of 0", [frame(windowUpdate, 0, 0, new Uint8Array(4))], "connection error PROTOCOL_ERROR"],
  [
    "WINDOW_UPDATE of 0 on a stream",
    [frame(windowUpdate, 0, 1, new Uint8Array(4))],
    "stream error 1 PROTOCOL_ERROR",
  ],
];
for (const [what, frames, outcome] of violations) {
  test(`${what} is answered with ${outcome}`, () => assert.deepEqual(afterSettings(...frames), [outcome]));
}

test("a peer that does not begin with SETTINGS is refused", () => {
  assert.deepEqual(read(frame(ping, 0, 0, new Uint8Array(8))), ["connection error PROTOCOL_ERROR"]);
});

test("a field block beyond the limit is refused by its declared length, before its bytes are there", () => {
  const first = frame(headers, 0, 1, new Uint8Array(16_000));
  const second = frame(continuation, 0, 1, new Uint8Array(16_000)).subarray(0, 9);
  assert.deepEqual(afterSettings(first, second), ["connection error ENHANCE_YOUR_CALM"]);
});

test("a field block cut into dust is refused (CVE-2024-27316)", () => {
  const dust = Array.from({ length: 100 }, () => frame(continuation, 0, 1));
  assert.deepEqual(afterSettings(frame(headers, 0, 1), ...dust), ["connection error ENHANCE_YOUR_CALM"]);
});
