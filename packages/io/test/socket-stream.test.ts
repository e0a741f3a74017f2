import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { ByteStream } from "@drawbar/io";
import { connectSocket, connectStream, socketStream } from "@drawbar/io/node";
import { Recorder, text } from "./recorder.ts";

let folder: string;
let path: string;
let server: Server;
const opened: ByteStream[] = [];

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "drawbar-io-"));
  path = join(folder, "socket");
  server = createServer({ allowHalfOpen: true, pauseOnConnect: true });
  server.listen(path);
  await once(server, "listening");
});

after(async () => {
  for (const stream of opened) stream.destroy();
  server.close();
  await rm(folder, { recursive: true });
});

// A connected pair of sockets as streams.
async function pair(): Promise<[ByteStream, ByteStream, Socket]> {
  const accepted = once(server, "connection");
  const near = await connectStream({ network: "unix", path });
  const [socket] = (await accepted) as [Socket];
  const far = socketStream(socket);
  opened.push(near, far);
  return [near, far, socket];
}

test("bytes go both ways, halves close one by one, and both ends close in order", async () => {
  const [a, b] = await pair();
  const left = new Recorder(a);
  const right = new Recorder(b);
  a.write(text("question"));
  a.end();
  await right.until(() => right.events.includes("end"));
  assert.equal(right.received, "question");
  b.write(text("answer"));
  b.end();
  await Promise.all([left.closed(), right.closed()]);
  assert.equal(left.received, "answer");
  assert.deepEqual(
    [left.events, right.events],
    [
      ["end", "close"],
      ["end", "close"],
    ],
  );
  assert.deepEqual([left.closeError, right.closeError], [undefined, undefined]);
  assert.equal(a.write(text("late")), false);
});

test("a reader that pauses holds the writer back, and releases it when it resumes", async () => {
  const [a, b] = await pair();
  const writer = new Recorder(a);
  const reader = new Recorder(b);
  b.pause();
  const chunk = new Uint8Array(64 * 1024).fill(0x61);
  let chunks = 0;
  do chunks++;
  while (a.write(chunk) && chunks < 1_000);
  assert.equal(chunks < 1_000, true);
  assert.deepEqual(writer.events, []);
  b.resume();
  await writer.until(() => writer.events.includes("drain"));
  await reader.until(() => reader.received.length === chunks * chunk.length);
});

test("destroying with an error reports it in onClose and ends what the peer reads", async () => {
  const [a, b] = await pair();
  const left = new Recorder(a);
  const right = new Recorder(b);
  const error = new Error("protocol violation");
  a.destroy(error);
  await Promise.all([left.closed(), right.until(() => right.events.length > 0)]);
  assert.deepEqual([left.events, left.closeError, right.events], [["close"], error, ["end"]]);
});

test("a stream destroyed before its start still closes, with its error", async () => {
  const [a] = await pair();
  const error = new Error("not wanted");
  a.destroy(error);
  const left = new Recorder(a);
  assert.deepEqual(left.events, []);
  await left.closed();
  assert.equal(left.closeError, error);
});

test("a socket that closed before its start closes when it starts, never during the call", async () => {
  const [, , socket] = await pair();
  const late = socketStream(socket);
  await once(socket.destroy(), "close");
  const receiver = new Recorder(late);
  assert.deepEqual(receiver.events, []);
  await receiver.closed();
  assert.throws(() => late.start(receiver), /already started/);
});

test("a reset of the peer is the error of onClose", async () => {
  const tcp = createServer({ pauseOnConnect: true });
  tcp.listen(0, "127.0.0.1");
  await once(tcp, "listening");
  const address = tcp.address();
  assert.equal(typeof address, "object");
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const accepted = once(tcp, "connection");
  const left = new Recorder(await connectStream({ network: "tcp", host: "127.0.0.1", port }));
  const [socket] = (await accepted) as [Socket];
  socket.resetAndDestroy();
  await left.closed();
  assert.equal((left.closeError as NodeJS.ErrnoException | undefined)?.code, "ECONNRESET");
  tcp.close();
});

test("connecting to nobody rejects with the system's error", async () => {
  await assert.rejects(connectSocket({ network: "unix", path: join(folder, "nobody") }), { code: "ENOENT" });
});

test("a connection that is aborted rejects with the signal's reason, also when it was aborted before", async () => {
  const reason = new Error("changed my mind");
  const unix = { network: "unix", path } as const;
  await assert.rejects(connectSocket(unix, AbortSignal.abort(reason)), reason);
  const controller = new AbortController();
  const connecting = connectSocket(unix, controller.signal);
  controller.abort(reason);
  await assert.rejects(connecting, reason);
});

test("a signal that aborts after the connection leaves the socket alone", async () => {
  const controller = new AbortController();
  const accepted = once(server, "connection");
  const socket = await connectSocket({ network: "unix", path }, controller.signal);
  controller.abort();
  assert.equal(socket.destroyed, false);
  socket.destroy();
  const [peer] = (await accepted) as [Socket];
  peer.destroy();
});

test("an error before the start is kept for onClose", async () => {
  const socket = connect({ path: join(folder, "nobody") });
  const stream = socketStream(socket);
  await new Promise((resolve) => socket.once("close", resolve));
  const receiver = new Recorder(stream);
  await receiver.closed();
  assert.equal((receiver.closeError as NodeJS.ErrnoException | undefined)?.code, "ENOENT");
});
