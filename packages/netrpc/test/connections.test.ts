import assert from "node:assert/strict";
import { test } from "node:test";
import * as gob from "@drawbar/gob";
import { type ByteStream, memoryPair } from "@drawbar/io";
import { Client, Server } from "@drawbar/netrpc";
import fc from "fast-check";
import { arith, arithmetic, pair, settle } from "./contract.ts";

test("close() of a client waits for its calls, then ends the connection in order on both sides", async () => {
  let release = (): void => {};
  const { client, arith, connection } = pair({
    Wait: (text) => new Promise((resolve) => (release = () => resolve(text))),
  });
  const call = arith.Wait("last");
  const closing = client.close();
  await assert.rejects(arith.Multiply({ A: 1, B: 1 }), {
    code: "netrpc-shut-down",
    message: "connection is shut down: one of its ends has closed it",
  });
  await settle();
  release();
  assert.equal(await call, "last");
  await closing;
  assert.deepEqual([await client.closed, await connection.closed], [undefined, undefined]);
});

test("close() of a client cuts what is not answered in time", async () => {
  const { client, arith, clock } = pair({ Wait: () => new Promise(() => {}) });
  const call = assert.rejects(arith.Wait("x"), { code: "netrpc-shut-down" });
  const closing = client.close({ graceMs: 10 });
  await settle();
  clock.advance(10);
  await Promise.all([call, closing]);
  assert.equal(clock.pendingCount, 0);
});

test("close() of a server answers the requests it has read, then ends the connections", async () => {
  let release = (): void => {};
  const { client, server, arith } = pair({
    Wait: (text) => new Promise((resolve) => (release = () => resolve(text))),
  });
  const call = arith.Wait("last");
  await settle();
  const closing = server.close();
  release();
  assert.equal(await call, "last");
  await closing;
  assert.equal(await client.closed, undefined);
  await assert.rejects(arith.Multiply({ A: 1, B: 1 }), { code: "netrpc-shut-down" });
});

test("close() of a server cuts handlers that do not end in time, whose signal then aborts", async () => {
  let signal: AbortSignal | undefined;
  const { server, arith, clock } = pair({
    Wait: (_text, context) => {
      signal = context.signal;
      return new Promise(() => {});
    },
  });
  const call = assert.rejects(arith.Wait("x"), { code: "netrpc-connection-lost" });
  await settle();
  const closing = server.close({ graceMs: 10 });
  await settle();
  assert.equal(signal?.aborted, false);
  clock.advance(10);
  await closing;
  await call;
  assert.equal(signal?.aborted, true);
  assert.equal((signal?.reason as { code?: string } | undefined)?.code, "netrpc-connection-lost");
});

test("client and server are disposed of as with close()", async () => {
  const { client, server, connection } = pair();
  {
    await using _client = client;
    await using _server = server;
  }
  assert.equal(await connection.closed, undefined);
});

test("a connection that is lost rejects every call with its cause and aborts every handler", async () => {
  const [a, b] = memoryPair();
  const client = new Client(a);
  const call = client.service(arith).Wait("x");
  b.start({ onData() {}, onEnd() {}, onDrain() {}, onClose() {} });
  b.destroy(new Error("cable cut"));
  await assert.rejects(call, {
    code: "netrpc-connection-lost",
    message: "the connection was lost before the answer came: connection reset by the peer",
  });
  assert.equal(((await client.closed) as { code?: string }).code, "netrpc-connection-lost");
  await assert.rejects(client.service(arith).Wait("y"), { code: "netrpc-connection-lost" });
});

test("destroy(error) rejects calls with that error: a plugin's death explains itself", async () => {
  const { client, arith } = pair({ Wait: () => new Promise(() => {}) });
  const error = new Error("plugin exited with code 2");
  const call = assert.rejects(arith.Wait("x"), (thrown) => thrown === error);
  client.destroy(error);
  await call;
  assert.equal(await client.closed, error);
});

test("a client that is half closed still gets its answers", async () => {
  const [a, b] = memoryPair();
  const connection = new Server().register(arith, arithmetic).serve(b);
  const client = new Client(a);
  const call = client.service(arith).Wait("x");
  void client.close();
  assert.equal(await call, "x");
  assert.equal(await connection.closed, undefined);
});

test("no more requests are read while as many as allowed are handled, and all are answered in the end", async () => {
  const release: (() => void)[] = [];
  const { arith, connection } = pair(
    { Wait: (text) => new Promise((resolve) => release.push(() => resolve(text))) },
    {},
    { maxConcurrentRequests: 3 },
  );
  const calls = Array.from({ length: 10 }, (_, i) => arith.Wait(String(i)));
  await settle();
  assert.deepEqual([connection.requestCount, release.length], [3, 3]);
  for (let i = 0; i < 10; i++) {
    release[i]?.();
    await settle();
    assert.ok(connection.requestCount <= 3);
  }
  assert.deepEqual(
    await Promise.all(calls),
    Array.from({ length: 10 }, (_, i) => String(i)),
  );
});

test("a client that does not read its answers is not read from either", async () => {
  const [a, b] = memoryPair(1_000);
  let handled = 0;
  new Server()
    .register(arith, {
      ...arithmetic,
      Wait() {
        handled++;
        return "x".repeat(500);
      },
    })
    .serve(b);
  const client = new Client(a);
  const calls = Array.from({ length: 1_000 }, () => client.service(arith).Wait("x"));
  a.pause();
  await settle();
  assert.ok(handled < 300, `${handled} handled`);
  a.resume();
  assert.equal((await Promise.all(calls)).length, 1_000);
});

test("a message over the limit ends the connection before it is waited for", async () => {
  const { client, arith, connection } = pair({}, {}, { limits: { maxMessageBytes: 1_000 } });
  const call = assert.rejects(arith.Wait("x".repeat(2_000)), { code: "netrpc-connection-lost" });
  const error = (await connection.closed) as { code?: string; message?: string };
  assert.equal(error.code, "netrpc-bad-stream");
  assert.match(error.message ?? "", /limit is 1000/);
  await call;
  await client.closed;
});

test("what is not gob ends the connection with a reason, on either side", async () => {
  for (const side of ["server", "client"] as const) {
    const [a, b] = memoryPair();
    const { closed } = side === "server" ? new Server().serve(b) : new Client(b);
    a.start({ onData() {}, onEnd() {}, onDrain() {}, onClose() {} });
    a.write(new TextEncoder().encode("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(9)));
    const error = (await closed) as { code?: string; message?: string };
    assert.equal(error.code, "netrpc-bad-stream");
    assert.match(error.message ?? "", /^the peer sent what is not net\/rpc: gob: /);
  }
});

test("a connection that ends inside a message is told so", async () => {
  const [a, b] = memoryPair();
  const { closed } = new Server().serve(b);
  a.start({ onData() {}, onEnd() {}, onDrain() {}, onClose() {} });
  a.write(
    gob.encode(gob.struct("Request", { ServiceMethod: gob.string }), { ServiceMethod: "A.B" }).subarray(0, 9),
  );
  a.end();
  assert.equal(
    ((await closed) as Error).message,
    "the peer sent what is not net/rpc: it ends inside a message",
  );
});

test("a server that was closed takes no connection", async () => {
  const server = new Server();
  await server.close();
  const [a, b] = memoryPair();
  const client = new Client(a);
  server.serve(b);
  await client.closed;
});

test("an answer to no call is passed over", async () => {
  const { client, peer, answer } = scriptedServer();
  answer(99, "", gob.string, "to nobody");
  answer(98, "an error to nobody", gob.struct("", {}), {});
  const call = client.service(arith).Wait("x");
  answer(0, "", gob.string, "to x");
  assert.equal(await call, "to x");
  peer.destroy();
  await client.closed;
});

test("whatever bytes arrive and however they are cut, nothing is thrown out of either side", async () => {
  const valid = recordedCall();
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.oneof(
          fc.uint8Array({ minLength: 1, maxLength: 50 }),
          fc.tuple(fc.nat(valid.length), fc.nat(255)).map(([at, byte]) => {
            const changed = valid.slice();
            changed[at] = byte;
            return changed;
          }),
          fc.constant(valid),
        ),
        { maxLength: 5 },
      ),
      fc.integer({ min: 1, max: 60 }),
      async (pieces, cut) => {
        for (const side of ["server", "client"] as const) {
          const [a, b] = memoryPair();
          const end = side === "server" ? new Server().register(arith, arithmetic) : new Client(b);
          const closed = end instanceof Server ? end.serve(b).closed : end.closed;
          a.start({ onData() {}, onEnd() {}, onDrain() {}, onClose() {} });
          for (const piece of pieces) {
            for (let at = 0; at < piece.length; at += cut) a.write(piece.slice(at, at + cut));
          }
          a.end();
          await closed;
        }
      },
    ),
    { numRuns: 300 },
  );
});

// The server's side by hand: answers with what a test says, whatever is asked.
function scriptedServer(): {
  client: Client;
  peer: ByteStream;
  answer: <S extends gob.AnySchema>(seq: number, error: string, schema: S, reply: gob.Input<S>) => void;
} {
  const [a, b] = memoryPair();
  const encoder = new gob.Encoder();
  const header = gob.struct("Response", { ServiceMethod: gob.string, Seq: gob.uint64, Error: gob.string });
  b.start({ onData() {}, onEnd() {}, onDrain() {}, onClose() {} });
  return {
    client: new Client(a),
    peer: b,
    answer(seq, error, schema, reply) {
      encoder.encode(header, { ServiceMethod: "Arith.Wait", Seq: seq, Error: error });
      encoder.encode(schema, reply);
      b.write(encoder.take());
    },
  };
}

function recordedCall(): Uint8Array {
  const encoder = new gob.Encoder();
  encoder.encode(gob.struct("Request", { ServiceMethod: gob.string, Seq: gob.uint64 }), {
    ServiceMethod: "Arith.Multiply",
    Seq: 0,
  });
  encoder.encode(gob.struct("Args", { A: gob.int, B: gob.int }), { A: 1, B: 2 });
  return encoder.take();
}
