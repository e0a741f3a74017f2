import assert from "node:assert/strict";
import { test } from "node:test";
import type { Http2Options } from "@drawbar/http2";
import { ManualClock } from "@drawbar/io/testing";
import { post, rawClient } from "./support/pairs.ts";
import { type as frame, type RawPeer, uint32 } from "./support/raw-peer.ts";

// Time stands still, so that only the bursts count.
function options(limits: NonNullable<Http2Options["limits"]> = {}): Http2Options {
  return { clock: new ManualClock(), limits };
}

const floods: readonly [what: string, send: (peer: RawPeer, i: number) => void][] = [
  ["PING", (peer) => peer.send(frame.ping, 0, 0, new Uint8Array(8))],
  ["SETTINGS", (peer) => peer.settings([1, 4096])],
  ["SETTINGS acknowledgements", (peer) => peer.send(frame.settings, 1, 0)],
  ["WINDOW_UPDATE", (peer) => peer.windowUpdate(0, 1)],
  ["PRIORITY", (peer) => peer.send(frame.priority, 0, 1, Uint8Array.from([0, 0, 0, 3, 0]))],
  ["empty DATA", (peer) => peer.send(frame.data, 0, 1)],
  ["DATA of padding only", (peer) => peer.send(frame.data, 8, 1, Uint8Array.from([1, 0]))],
  ["GOAWAY", (peer) => peer.send(frame.goaway, 0, 0, new Uint8Array(8))],
  ["frames of unknown types", (peer) => peer.send(0x42, 0, 0)],
];
for (const [what, send] of floods) {
  test(`a flood of ${what} ends the connection with ENHANCE_YOUR_CALM`, async () => {
    const { peer, server } = rawClient(options());
    peer.headers(1, post, false);
    for (let i = 0; i < 2100; i++) send(peer, i);
    assert.equal(await peer.goaway(), "ENHANCE_YOUR_CALM");
    const error = await server.closed;
    assert.match(String(error), /too many/);
  });
}

test("streams that are begun and reset at once end the connection with ENHANCE_YOUR_CALM (CVE-2023-44487)", async () => {
  const { peer } = rawClient(options());
  for (let i = 0; i < 1100; i++) {
    peer.headers(2 * i + 1, post, false);
    peer.send(frame.rstStream, 0, 2 * i + 1, uint32(8));
  }
  assert.equal(await peer.goaway(), "ENHANCE_YOUR_CALM");
});

test("streams that make us reset them end the connection too (CVE-2025-8671)", async () => {
  const { peer } = rawClient(options());
  for (let i = 0; i < 1100; i++) {
    peer.headers(2 * i + 1, post, false);
    peer.windowUpdate(2 * i + 1, 0);
  }
  assert.equal(await peer.goaway(), "ENHANCE_YOUR_CALM");
});

test("resets among calls that complete are no attack", async () => {
  const { peer, server } = rawClient(options());
  for (let i = 0; i < 3000; i++) {
    peer.headers(4 * i + 1, post, true);
    peer.headers(4 * i + 3, post, false);
    peer.send(frame.rstStream, 0, 4 * i + 3, uint32(8));
  }
  await peer.settled();
  assert.equal(server.state, "open");
});

test("a peer that probes and updates its windows as it is sent data is no attack", async () => {
  const { peer, server } = rawClient(options());
  peer.headers(1, post, false);
  for (let i = 0; i < 5000; i++) {
    peer.send(frame.data, 0, 1, new Uint8Array(1));
    peer.send(frame.ping, 0, 0, new Uint8Array(8));
    peer.windowUpdate(0, 1);
    peer.windowUpdate(1, 1);
  }
  await peer.settled();
  assert.equal(server.state, "open");
});

test("replies that pile up because the peer does not read end the connection", async () => {
  const { peer, server } = rawClient(options({ maxWaitingReplies: 100, controlBurst: 100_000 }));
  await peer.settled();
  peer.stopReading();
  for (let i = 0; i < 20 && server.state === "open"; i++) {
    for (let k = 0; k < 1000; k++) peer.send(frame.ping, 0, 0, new Uint8Array(8));
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.equal(server.state, "closed");
  peer.resumeReading();
  assert.equal(await peer.goaway(), "ENHANCE_YOUR_CALM");
  assert.match(String(await server.closed), /does not read/);
});

test("CONTINUATION frames without end are refused before they are kept (CVE-2024-27316)", async () => {
  const { peer } = rawClient(options());
  peer.send(frame.headers, 0, 1, new Uint8Array(100));
  for (let i = 0; i < 100; i++) peer.send(frame.continuation, 0, 1, new Uint8Array(16_000));
  assert.equal(await peer.goaway(), "ENHANCE_YOUR_CALM");
});

test("a header list beyond the limit resets its stream with ENHANCE_YOUR_CALM, and no other", async () => {
  const { peer, server } = rawClient(options({ maxHeaderListBytes: 1000 }));
  peer.headers(1, [...post, "x-long", "x".repeat(1000)], true);
  peer.headers(3, post, true);
  assert.equal(await peer.reset(1), "ENHANCE_YOUR_CALM");
  await peer.until(() => peer.of(frame.headers, 3).length === 2);
  assert.equal(server.state, "open");
});

test("a stream beyond the allowed number is refused with REFUSED_STREAM, and one after another ended is not", async () => {
  const { peer } = rawClient(options({ maxConcurrentStreams: 2 }));
  for (const id of [1, 3, 5]) peer.headers(id, post, false);
  assert.equal(await peer.reset(5), "REFUSED_STREAM");
  peer.send(frame.data, 1, 1);
  peer.headers(7, post, true);
  await peer.until(() => peer.of(frame.headers, 7).length === 2);
});
