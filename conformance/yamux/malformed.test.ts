import assert from "node:assert/strict";
import { test } from "node:test";
import { type ByteStream, memoryPair } from "@drawbar/io";
import { socketStream } from "@drawbar/io/node";
import { Session } from "@drawbar/yamux";
import { goPeer } from "./go-session.ts";

// What a session in the server's role does with bytes that no client should send: "goes on" if it
// answers a ping afterwards, "ends" if it closes the connection. Where ours is stricter than Go's, `why`.
interface Malformed {
  readonly name: string;
  readonly bytes: readonly number[];
  readonly go: "goes on" | "ends";
  readonly ours: "goes on" | string;
  readonly why?: string;
}

const [data, windowUpdate, ping, goAway] = [0, 1, 2, 3] as const;
const [syn, ack, fin, rst] = [1, 2, 4, 8] as const;

const cases: readonly Malformed[] = [
  { name: "a version that is not 0", bytes: frame(data, 0, 1, 0, 1), go: "ends", ours: "yamux-bad-version" },
  { name: "a type that is not known", bytes: frame(4, 0, 1, 0), go: "ends", ours: "yamux-bad-frame-type" },
  {
    name: "a stream opened twice",
    bytes: [...frame(windowUpdate, syn, 1, 0), ...frame(windowUpdate, syn, 1, 0)],
    go: "ends",
    ours: "yamux-duplicate-stream",
  },
  {
    name: "a stream with an id of the other side",
    bytes: frame(windowUpdate, syn, 2, 0),
    go: "goes on",
    ours: "yamux-bad-stream-id",
    why: "it would be taken for a stream of ours sooner or later",
  },
  {
    name: "a stream with id 0",
    bytes: frame(windowUpdate, syn, 0, 0),
    go: "goes on",
    ours: "yamux-bad-stream-id",
    why: "id 0 is the session",
  },
  {
    name: "a data frame over the window",
    bytes: [...frame(windowUpdate, syn, 1, 0), ...frame(data, 0, 1, 256 * 1024 + 1)],
    go: "ends",
    ours: "yamux-window-exceeded",
  },
  {
    name: "a data frame over the window that opens its stream",
    bytes: frame(data, syn, 1, 0xffff_ffff),
    go: "ends",
    ours: "yamux-window-exceeded",
  },
  {
    name: "a data frame for no stream",
    bytes: [...frame(data, 0, 7, 3), 1, 2, 3],
    go: "goes on",
    ours: "goes on",
  },
  {
    name: "a window update that overflows the window",
    bytes: [...frame(windowUpdate, syn, 1, 0), ...frame(windowUpdate, 0, 1, 0xffff_ffff)],
    go: "goes on",
    ours: "yamux-window-overflow",
    why: "upstream's window wraps round, and its writer stalls",
  },
  {
    name: "a window update for no stream",
    bytes: frame(windowUpdate, 0, 9, 5),
    go: "goes on",
    ours: "goes on",
  },
  {
    name: "a second FIN",
    bytes: [...frame(windowUpdate, syn, 1, 0), ...frame(windowUpdate, fin, 1, 0), ...frame(data, fin, 1, 0)],
    go: "ends",
    ours: "yamux-unexpected-fin",
  },
  {
    name: "data after a FIN",
    bytes: [...frame(windowUpdate, syn | fin, 1, 0), ...frame(data, 0, 1, 2), 1, 2],
    go: "goes on",
    ours: "goes on",
  },
  { name: "a FIN for no stream", bytes: frame(windowUpdate, fin, 3, 0), go: "goes on", ours: "goes on" },
  { name: "a reset for no stream", bytes: frame(data, rst, 3, 0), go: "goes on", ours: "goes on" },
  {
    name: "an ACK of a stream that its sender opened",
    bytes: frame(windowUpdate, syn | ack, 1, 0),
    go: "goes on",
    ours: "goes on",
  },
  { name: "an answer to no ping", bytes: frame(ping, ack, 0, 99), go: "goes on", ours: "goes on" },
  {
    name: "a ping that is neither question nor answer",
    bytes: frame(ping, 0, 0, 1),
    go: "goes on",
    ours: "goes on",
  },
  { name: "a ping on a stream", bytes: frame(ping, 0, 5, 1), go: "goes on", ours: "goes on" },
  {
    name: "flags that are not known",
    bytes: frame(windowUpdate, 0xfff0, 1, 0),
    go: "goes on",
    ours: "goes on",
  },
  { name: "a go-away in order", bytes: frame(goAway, 0, 0, 0), go: "goes on", ours: "goes on" },
  {
    name: "a go-away for a protocol error",
    bytes: frame(goAway, 0, 0, 1),
    go: "ends",
    ours: "yamux-remote-protocol-error",
  },
  {
    name: "a go-away for an internal error",
    bytes: frame(goAway, 0, 0, 2),
    go: "ends",
    ours: "yamux-remote-internal-error",
  },
  {
    name: "a go-away with a code that is not known",
    bytes: frame(goAway, 0, 0, 3),
    go: "ends",
    ours: "yamux-remote-unknown-error",
  },
];

for (const { name, bytes, go, ours, why } of cases) {
  const stricter = why === undefined ? "" : `; ours is stricter: ${why}`;
  test(`${name}: Go's session ${go}, ours ${ours === "goes on" ? ours : `ends with ${ours}`}${stricter}`, async () => {
    await using peer = await goPeer("server");
    assert.equal(await probe(socketStream(peer.socket), bytes), go);

    const [client, server] = memoryPair();
    const session = new Session(server, { role: "server" });
    assert.equal(await probe(client, bytes), ours === "goes on" ? "goes on" : "ends");
    session.destroy();
    const error = (await session.closed) as { code?: string } | undefined;
    assert.equal(error?.code ?? "goes on", ours);
  });
}

test("a header that is cut by the end of the connection ends both sessions", async () => {
  const [client, server] = memoryPair();
  const session = new Session(server, { role: "server" });
  client.start({ onData() {}, onEnd() {}, onDrain() {}, onClose() {} });
  client.write(Uint8Array.from(frame(data, syn, 1, 5).slice(0, 7)));
  client.end();
  await session.closed;

  await using peer = await goPeer("server");
  peer.socket.resume();
  const ended = new Promise((resolve) => peer.socket.once("end", resolve));
  peer.socket.end(Uint8Array.from(frame(data, syn, 1, 5).slice(0, 7)));
  await ended;
});

/** Sends `bytes` and a ping, and waits for the answer or the end. */
function probe(stream: ByteStream, bytes: readonly number[]): Promise<"goes on" | "ends"> {
  const answer = Buffer.from(frame(ping, ack, 0, 4242));
  return new Promise((resolve) => {
    let received = Buffer.alloc(0);
    stream.start({
      onData(piece) {
        received = Buffer.concat([received, piece]);
        if (received.includes(answer)) resolve("goes on");
      },
      onEnd() {
        stream.end();
        resolve("ends");
      },
      onDrain() {},
      onClose: () => resolve("ends"),
    });
    stream.write(Uint8Array.from([...bytes, ...frame(ping, syn, 0, 4242)]));
  });
}

function frame(type: number, flags: number, streamId: number, length: number, version = 0): number[] {
  const bytes = Buffer.alloc(12);
  bytes.writeUInt8(version, 0);
  bytes.writeUInt8(type, 1);
  bytes.writeUInt16BE(flags, 2);
  bytes.writeUInt32BE(streamId, 4);
  bytes.writeUInt32BE(length, 8);
  return [...bytes];
}
