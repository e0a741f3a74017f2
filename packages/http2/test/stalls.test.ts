import assert from "node:assert/strict";
import { test } from "node:test";
import { ManualClock } from "@drawbar/io/testing";
import { post, preparedPost, rawClient, rawServer } from "./support/pairs.ts";
import { type as frame } from "./support/raw-peer.ts";
import { Recorder } from "./support/recorder.ts";

const minuteMs = 60_000;

test("a stream whose window stays closed is reset with ENHANCE_YOUR_CALM after the time limit", async () => {
  const clock = new ManualClock();
  const { peer, server } = rawClient({ clock, limits: { stallTimeoutMs: 10 * minuteMs } });
  peer.settings([4, 0]);
  peer.send(frame.settings, 1, 0);
  peer.headers(1, post, false);
  peer.send(frame.data, 0, 1, new Uint8Array(100));
  await peer.settled();
  clock.advance(9 * minuteMs);
  peer.windowUpdate(1, 1);
  await peer.settled();
  clock.advance(9 * minuteMs);
  assert.equal(peer.of(frame.rstStream).length, 0);
  clock.advance(6 * minuteMs);
  assert.equal(await peer.reset(1), "ENHANCE_YOUR_CALM");
  assert.equal(server.state, "open");
});

test("a connection whose window stays closed is ended with ENHANCE_YOUR_CALM", async () => {
  const clock = new ManualClock();
  const { peer, client } = rawServer({ clock, limits: { stallTimeoutMs: 10 * minuteMs } });
  peer.settings([4, 2 ** 31 - 1]);
  peer.send(frame.settings, 1, 0);
  await peer.settled();
  const reply = new Recorder();
  const stream = client.request(preparedPost, reply, false);
  assert.equal(stream.sendData(new Uint8Array(100_000), true), false);
  await peer.until(() => peer.of(frame.data).length > 0);
  clock.advance(10 * minuteMs);
  assert.equal(await peer.goaway(), "ENHANCE_YOUR_CALM");
  assert.equal(reply.error?.errorCode, "ENHANCE_YOUR_CALM");
  assert.equal(reply.error?.code, "http2-connection-error");
});

test("a queue that moves, however slowly, is left alone, and no timer remains when it is empty", async () => {
  const clock = new ManualClock();
  const { peer } = rawClient({ clock, limits: { stallTimeoutMs: 10 * minuteMs } });
  peer.settings([4, 0]);
  peer.send(frame.settings, 1, 0);
  peer.headers(1, post, false);
  peer.send(frame.data, 1, 1, new Uint8Array(3));
  for (let i = 0; i < 3; i++) {
    await peer.settled();
    clock.advance(8 * minuteMs);
    peer.windowUpdate(1, 1);
  }
  await peer.until(() => peer.of(frame.headers, 1).length === 2);
  clock.advance(60 * minuteMs);
  assert.equal(clock.pendingCount, 0);
});

test("a peer that does not begin, or does not acknowledge SETTINGS, is ended with SETTINGS_TIMEOUT", async () => {
  const clock = new ManualClock();
  const { peer, server } = rawClient({ clock });
  await peer.settled();
  clock.advance(30_000);
  assert.equal(await peer.goaway(), "SETTINGS_TIMEOUT");
  assert.match(String(await server.closed), /did not acknowledge SETTINGS within 30000 ms/);
});
