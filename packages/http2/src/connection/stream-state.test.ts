import assert from "node:assert/strict";
import { test } from "node:test";
import {
  afterEndReceived,
  afterEndSent,
  remoteOpen,
  type StreamFrame,
  type StreamState,
  verdictOn,
} from "./stream-state.ts";

test("a stream closes when both sides have ended, in either order", () => {
  assert.equal(afterEndReceived(afterEndSent("open")), "closed");
  assert.equal(afterEndSent(afterEndReceived("open")), "closed");
  assert.equal(afterEndSent("open"), "half-closed-local");
  assert.equal(afterEndReceived("open"), "half-closed-remote");
  assert.equal(afterEndSent("closed"), "closed");
  assert.equal(afterEndReceived("closed"), "closed");
});

test("the peer may send data only before it has ended", () => {
  const states: StreamState[] = ["idle", "open", "half-closed-local", "half-closed-remote", "closed"];
  assert.deepEqual(states.filter(remoteOpen), ["open", "half-closed-local"]);
});

const rules: readonly [StreamState, Record<StreamFrame, string>][] = [
  [
    "idle",
    {
      DATA: "connection PROTOCOL_ERROR",
      HEADERS: "connection PROTOCOL_ERROR",
      RST_STREAM: "connection PROTOCOL_ERROR",
      WINDOW_UPDATE: "connection PROTOCOL_ERROR",
    },
  ],
  ["open", { DATA: "accept", HEADERS: "accept", RST_STREAM: "accept", WINDOW_UPDATE: "accept" }],
  ["half-closed-local", { DATA: "accept", HEADERS: "accept", RST_STREAM: "accept", WINDOW_UPDATE: "accept" }],
  [
    "half-closed-remote",
    {
      DATA: "stream STREAM_CLOSED",
      HEADERS: "stream STREAM_CLOSED",
      RST_STREAM: "accept",
      WINDOW_UPDATE: "accept",
    },
  ],
  [
    "closed",
    {
      DATA: "connection STREAM_CLOSED",
      HEADERS: "connection STREAM_CLOSED",
      RST_STREAM: "ignore",
      WINDOW_UPDATE: "ignore",
    },
  ],
];
for (const [state, frames] of rules) {
  test(`frames on a stream that is ${state} are treated as RFC 9113 §5.1 says`, () => {
    for (const [frame, expected] of Object.entries(frames) as [StreamFrame, string][]) {
      const verdict = verdictOn(frame, state);
      const outcome = verdict.kind === "error" ? `${verdict.scope} ${verdict.errorCode}` : verdict.kind;
      assert.equal(outcome, expected, frame);
    }
  });
}
