import assert from "node:assert/strict";
import { test } from "node:test";
import { ClientConnection } from "@drawbar/http2";
import { memoryPair } from "@drawbar/io";
import fc from "fast-check";
import { echoServer } from "./support/echo-server.ts";
import { preparedPost } from "./support/pairs.ts";
import { Recorder } from "./support/recorder.ts";

const preface = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

function frame(type: number, flags: number, streamId: number, payload: Uint8Array): Buffer {
  const header = Buffer.alloc(9);
  header.writeUIntBE(payload.length, 0, 3);
  header[3] = type;
  header[4] = flags;
  header.writeUInt32BE(streamId, 5);
  return Buffer.concat([header, payload]);
}

const requestBlock = Buffer.from("838684400a637573746f6d2d6b65790d637573746f6d2d686561646572", "hex");
const responseBlock = Buffer.from("88400a637573746f6d2d6b65790d637573746f6d2d686561646572", "hex");
const payload = fc.oneof(
  fc.uint8Array({ maxLength: 40 }),
  fc.constantFrom(requestBlock, responseBlock, Buffer.from("be", "hex")),
  fc.uint8Array({ minLength: 4, maxLength: 4 }),
  fc.uint8Array({ minLength: 8, maxLength: 8 }),
);
const anyFrame = fc
  .tuple(fc.nat(11), fc.oneof(fc.nat(255), fc.constantFrom(0, 1, 4, 5)), fc.nat(6), payload)
  .map((parts) => frame(...parts));
const bytes = fc.array(fc.oneof({ weight: 5, arbitrary: anyFrame }, { weight: 1, arbitrary: payload }), {
  maxLength: 30,
});
const settings = frame(4, 0, 0, new Uint8Array());

// Nothing may be thrown, since it would be thrown at the socket's callback, and all must come to an end.
test("whatever a client sends, our server neither throws nor hangs", async () => {
  await fc.assert(
    fc.asyncProperty(bytes, fc.boolean(), async (parts, begun) => {
      const [near, far] = memoryPair();
      const server = echoServer(far);
      near.start({ onData() {}, onEnd: () => near.end(), onDrain() {}, onClose() {} });
      near.write(begun ? Buffer.concat([preface, settings, ...parts]) : Buffer.concat(parts));
      near.end();
      await server.closed;
      assert.equal(server.state, "closed");
    }),
    { numRuns: 500 },
  );
});

test("whatever a server sends, our client neither throws nor hangs, and its requests end", async () => {
  await fc.assert(
    fc.asyncProperty(bytes, fc.boolean(), async (parts, begun) => {
      const [near, far] = memoryPair();
      const client = new ClientConnection(near);
      const replies = [new Recorder(), new Recorder(), new Recorder()];
      for (const reply of replies)
        client.request(preparedPost, reply, false).sendData(new Uint8Array(9), true);
      far.start({ onData() {}, onEnd: () => far.end(), onDrain() {}, onClose() {} });
      far.write(begun ? Buffer.concat([settings, ...parts]) : Buffer.concat(parts));
      far.end();
      await Promise.all([client.closed, ...replies.map((reply) => reply.done)]);
    }),
    { numRuns: 500 },
  );
});
