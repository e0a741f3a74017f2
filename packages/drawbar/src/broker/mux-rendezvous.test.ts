import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type ByteStream, memoryPair } from "@drawbar/io";
import { ManualClock } from "@drawbar/io/testing";
import { nullLogger } from "../log/logger.ts";
import type { ConnInfo, Knock } from "./conn-info.ts";
import { MuxRendezvous } from "./mux-rendezvous.ts";

interface Side {
  readonly rendezvous: MuxRendezvous;
  readonly clock: ManualClock;
  readonly unclaimed: ByteStream[];
}

// Two sides joined as a session joins them: notes and streams arrive later, in order.
function joined(): { host: Side; plugin: Side; notes: ConnInfo[] } {
  const notes: ConnInfo[] = [];
  const side = (other: () => Side): Side => {
    const clock = new ManualClock();
    const unclaimed: ByteStream[] = [];
    const rendezvous = new MuxRendezvous({
      clock,
      logger: nullLogger,
      security: undefined,
      send: (note) => {
        notes.push(note);
        queueMicrotask(() => other().rendezvous.receive(note));
      },
      session: async () => ({
        open: () => {
          const [ours, theirs] = memoryPair();
          queueMicrotask(() => {
            if (!other().rendezvous.claim(theirs)) other().unclaimed.push(theirs);
          });
          return ours;
        },
      }),
    });
    return { rendezvous, clock, unclaimed };
  };
  const host: Side = side(() => plugin);
  const plugin: Side = side(() => host);
  return { host, plugin, notes };
}

// One side, whose knocks are answered with `knock`.
function answering(knock: Knock | undefined): MuxRendezvous {
  const rendezvous: MuxRendezvous = new MuxRendezvous({
    clock: new ManualClock(),
    logger: nullLogger,
    security: undefined,
    session: async () => ({ open: () => memoryPair()[0] }),
    send: ({ serviceId }) =>
      queueMicrotask(() => rendezvous.receive({ serviceId, network: "", address: "", knock })),
  });
  return rendezvous;
}

describe("brokering by streams of one connection", () => {
  it("knocks, and gives each stream to the number that was knocked for", async () => {
    const { host, plugin, notes } = joined();
    const accepted: string[] = [];
    await plugin.rendezvous.offer(1, () => accepted.push("one"));
    await plugin.rendezvous.offer(2, () => accepted.push("two"));
    await Promise.all([
      host.rendezvous.dialer(2)(),
      host.rendezvous.dialer(1)(),
      host.rendezvous.dialer(2)(),
    ]);
    await Promise.resolve();
    assert.deepEqual(accepted, ["two", "one", "two"]);
    assert.equal(notes.filter(({ knock }) => knock?.ack === true && knock.knock).length, 3);
  });

  it("answers a knock that came before its offer", async () => {
    const { host, plugin } = joined();
    const dialed = host.rendezvous.dialer(5)();
    await new Promise((resolve) => setImmediate(resolve));
    let accepted = 0;
    await plugin.rendezvous.offer(5, () => accepted++);
    await dialed;
    await Promise.resolve();
    assert.equal(accepted, 1);
  });

  it("leaves a stream that nobody knocked for to the plugin's own server", async () => {
    const { plugin } = joined();
    const [stream] = memoryPair();
    assert.equal(plugin.rendezvous.claim(stream), false);
  });

  it("gives up on a number that is never offered, and goes on with the next", async () => {
    const { host, plugin } = joined();
    await plugin.rendezvous.offer(2, () => {});
    const never = assert.rejects(host.rendezvous.dialer(1)(), {
      code: "broker-timeout",
      message: "timeout waiting for multiplexing knock handshake on id 1",
    });
    const next = host.rendezvous.dialer(2)();
    await new Promise((resolve) => setImmediate(resolve));
    host.clock.advance(5000);
    await never;
    await next;
  });

  it("tells why a knock was refused", async () => {
    const answer = { knock: true, ack: true, error: "no listener for id 9" };
    await assert.rejects(answering(answer).dialer(9)(), {
      code: "broker-refused",
      message: "failed to knock for id 9: no listener for id 9",
    });
  });

  it("tells at once of an answer that is none", async () => {
    for (const [answer, got] of [
      [{ knock: false, ack: true, error: "" }, "knock: false, ack: true"],
      [undefined, "neither"],
    ] as const) {
      await assert.rejects(answering(answer).dialer(9)(), {
        code: "broker-refused",
        message: `handshake failed for multiplexing on id 9; expected knock and ack, but got ${got}`,
      });
    }
  });

  it("ends a stream whose offer was closed between the answer and its arrival", async () => {
    const { plugin } = joined();
    const offer = await plugin.rendezvous.offer(1, () => assert.fail("the offer is closed"));
    const [, stream] = memoryPair();
    const closed = new Promise<Error | undefined>((onClose) => {
      stream.start({ onData: () => {}, onEnd: () => {}, onDrain: () => {}, onClose });
    });
    plugin.rendezvous.receive({
      serviceId: 1,
      network: "",
      address: "",
      knock: { knock: true, ack: false, error: "" },
    });
    offer.close();
    assert.equal(plugin.rendezvous.claim(stream), true);
    assert.equal((await closed)?.message, "received knock on ID 1 that doesn't have a listener");
  });

  it("refuses to accept one number twice", async () => {
    const { host } = joined();
    const offer = await host.rendezvous.offer(3, () => {});
    await assert.rejects(
      host.rendezvous.offer(3, () => {}),
      { code: "broker-id-in-use" },
    );
    offer.close();
    await host.rendezvous.offer(3, () => {});
  });
});
