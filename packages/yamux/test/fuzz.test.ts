import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { encode, rawPeer, Seen, settle } from "./raw-peer.ts";

const frame = fc
  .record({
    type: fc.nat(4),
    flags: fc.oneof(fc.nat(15), fc.nat(0xffff)),
    id: fc.oneof(fc.nat(6), fc.nat(0xffff_ffff)),
    length: fc.oneof(fc.nat(20), fc.nat(0xffff_ffff)),
    payload: fc.uint8Array({ maxLength: 20 }),
  })
  .map(({ type, flags, id, length, payload }) => encode(type, flags, id, length, payload));

const input = fc.array(
  fc.oneof({ weight: 5, arbitrary: frame }, fc.uint8Array({ minLength: 1, maxLength: 40 })),
  {
    maxLength: 30,
  },
);

// What the application does meanwhile, by turns.
const deeds = fc.array(
  fc.constantFrom("open", "write", "end", "destroy", "fail", "pause", "resume", "ping", "none"),
);

test("whatever the peer sends and the application does, nothing is thrown and every stream is told its end once", async () => {
  await fc.assert(
    fc.asyncProperty(input, deeds, fc.constantFrom("client", "server"), async (pieces, plan, role) => {
      const seen: Seen[] = [];
      const peer = rawPeer({ role, onStream: (stream) => void seen.push(new Seen(stream)) });
      for (const [i, piece] of pieces.entries()) {
        peer.stream.write(piece);
        act(peer, seen, plan[i] ?? "none");
        if (i % 3 === 0) await new Promise(setImmediate);
      }
      await settle();
      peer.session.destroy();
      await peer.session.closed;
      for (const { stream } of seen) stream.resume();
      await settle();
      for (const { closed } of seen) assert.notEqual(closed, undefined);
      assert.equal(peer.session.streamCount, 0);
    }),
    { numRuns: 300 },
  );
});

function act(peer: ReturnType<typeof rawPeer>, seen: Seen[], deed: string): void {
  const stream = seen.at(-1)?.stream;
  if (deed === "open") {
    try {
      seen.push(new Seen(peer.session.open()));
    } catch (error) {
      // The input may have ended the session.
      assert.match(String((error as { code?: unknown }).code), /^yamux-(session-closed|remote-go-away)$/);
    }
  } else if (deed === "write") stream?.write(new Uint8Array(100_000));
  else if (deed === "end") stream?.end();
  else if (deed === "destroy") stream?.destroy();
  else if (deed === "fail") stream?.destroy(new Error("no"));
  else if (deed === "pause") stream?.pause();
  else if (deed === "resume") stream?.resume();
  else if (deed === "ping") peer.session.ping().catch(() => {});
}
