import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  isReceiving,
  isSending,
  isUnanswered,
  nextState,
  type StreamEvent,
  type StreamState,
} from "./stream-state.ts";

// One line per state: what each event makes of it; a dash where it may not happen.
const expected = `
              sendSyn  accept       sendFin       receive       receiveFin    reset
init          opening  -            -             -             -             closed
opening       -        -            openingEnded  open          remoteEnded   closed
openingEnded  -        -            -             localEnded    closed        closed
offered       -        open         -             offered       offeredEnded  closed
offeredEnded  -        remoteEnded  -             offeredEnded  -             closed
open          -        -            localEnded    open          remoteEnded   closed
localEnded    -        -            -             localEnded    closed        closed
remoteEnded   -        -            closed        remoteEnded   -             closed
closed        -        -            -             -             -             -
`;

const [head = [], ...rows] = expected
  .trim()
  .split("\n")
  .map((line) => line.trim().split(/\s+/));

for (const [state, ...outcomes] of rows) {
  for (const [i, event] of head.entries()) {
    const outcome = outcomes[i] === "-" ? undefined : outcomes[i];
    test(`${event} in state ${state} ${outcome === undefined ? "may not happen" : `leads to ${outcome}`}`, () => {
      assert.equal(nextState(state as StreamState, event as StreamEvent), outcome);
    });
  }
}

test("after any history each half has ended at most once, and a closed stream stays closed", () => {
  const events = fc.array(fc.constantFrom(...(head as StreamEvent[])));
  fc.assert(
    fc.property(fc.constantFrom<StreamState>("init", "offered"), events, (first, history) => {
      let state = first;
      let [localEnds, remoteEnds, resets] = [0, 0, 0];
      for (const event of history) {
        const next = nextState(state, event);
        if (next === undefined) continue;
        assert.notEqual(state, "closed");
        if (event === "sendFin") localEnds++;
        if (event === "receiveFin") remoteEnds++;
        if (event === "reset") resets++;
        state = next;
        assert.equal(state === "closed", resets > 0 || (localEnds > 0 && remoteEnds > 0));
      }
      assert.ok(localEnds <= 1 && remoteEnds <= 1 && resets <= 1);
      if (isSending(state)) assert.equal(localEnds, 0);
      assert.equal(isReceiving(state), remoteEnds === 0 && state !== "closed");
      if (isUnanswered(state)) assert.equal(first, "init");
    }),
  );
});
