import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as gob from "@drawbar/gob";
import { type ByteStream, memoryPair } from "@drawbar/io";
import { ManualClock } from "@drawbar/io/testing";
import { method, service } from "@drawbar/netrpc";
import { Session } from "@drawbar/yamux";
import { nullLogger } from "../log/logger.ts";
import { brokerTimeoutMs } from "./awaited-notes.ts";
import { MuxBroker } from "./mux-broker.ts";

const Adder = service("Adder", { Add: method(gob.int, gob.int) });
const add = { Add: (value: number) => value + 1 };

/** Lets everything that is due run. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Two brokers whose streams are in memory, and every stream that was opened, at the accepting side. */
function pairOfBrokers() {
  const clock = new ManualClock();
  const opened: ByteStream[] = [];
  const broker = (other: () => MuxBroker): MuxBroker =>
    new MuxBroker({
      open: () => {
        const [near, far] = memoryPair();
        opened.push(far);
        other().receive(far);
        return near;
      },
      settings: {},
      clock,
      logger: nullLogger,
    });
  const here: MuxBroker = broker(() => there);
  const there: MuxBroker = broker(() => here);
  return { clock, here, there, opened };
}

/** What a stream brings, until it ends; `undefined` in place of an end in order. */
function received(stream: ByteStream): { bytes: number[]; closed: Promise<Error | undefined> } {
  const bytes: number[] = [];
  const closed = new Promise<Error | undefined>((resolve) =>
    stream.start({
      onData: (chunk) => bytes.push(...chunk),
      onEnd: () => {},
      onDrain: () => {},
      onClose: resolve,
    }),
  );
  return { bytes, closed };
}

describe("a broker of net/rpc", () => {
  it("numbers what it accepts, from 1", () => {
    const { here } = pairOfBrokers();
    assert.deepEqual([here.nextId(), here.nextId()], [1, 2]);
  });

  it("connects who dials with who accepts, whichever comes first", async () => {
    const { here, there, clock } = pairOfBrokers();
    const first = here.accept(1);
    await there.dial(1);
    await first;
    const dialed = there.dial(2);
    await settle();
    await here.accept(2);
    await dialed;
    assert.deepEqual([here.pendingCount, there.pendingCount, clock.pendingCount], [0, 0, 0]);
  });

  it("sends the number in four bytes, little-endian, and takes it back as the answer", async () => {
    const [near, far] = memoryPair();
    const { clock } = pairOfBrokers();
    const broker = new MuxBroker({ open: () => near, settings: {}, clock, logger: nullLogger });
    const dialing = broker.dial(0x01020304);
    const { bytes } = received(far);
    await settle();
    assert.deepEqual(bytes, [4, 3, 2, 1]);
    far.write(Uint8Array.of(4, 3, 2, 1, 42));
    const stream = await dialing;
    const rest = received(stream);
    await settle();
    assert.deepEqual(rest.bytes, [42], "what follows the answer belongs to the stream");
  });

  it("refuses another number as the answer", async () => {
    const [near, far] = memoryPair();
    const broker = new MuxBroker({
      open: () => near,
      settings: {},
      clock: new ManualClock(),
      logger: nullLogger,
    });
    const dialing = assert.rejects(broker.dial(7), {
      code: "broker-refused",
      message: "bad ack: 8 (expected 7)",
    });
    received(far);
    far.write(Uint8Array.of(8, 0, 0, 0));
    await dialing;
  });

  it("gives up after five seconds on either side, holds nothing, and ends the stream", async () => {
    const { here, there, clock, opened } = pairOfBrokers();
    const accepting = assert.rejects(here.accept(1), {
      code: "broker-timeout",
      message: /^timeout waiting for accept/,
    });
    const dialing = assert.rejects(there.dial(2), { code: /^broker-(timeout|refused)$/ });
    await settle();
    assert.equal(here.pendingCount, 2);
    clock.advance(brokerTimeoutMs);
    await Promise.all([accepting, dialing]);
    assert.equal(opened.length, 1);
    assert.deepEqual([here.pendingCount, there.pendingCount, clock.pendingCount], [0, 0, 0]);
  });

  it("gives up on a stream that never says its number", async () => {
    const { here, clock } = pairOfBrokers();
    const [near, far] = memoryPair();
    here.receive(far);
    const { closed } = received(near);
    assert.equal(here.pendingCount, 1);
    clock.advance(brokerTimeoutMs);
    await closed;
    await settle();
    assert.equal(here.pendingCount, 0);
  });

  it("ends the second stream for one number, and keeps the first", async () => {
    const { here, there } = pairOfBrokers();
    const first = there.dial(3);
    const second = assert.rejects(there.dial(3), { facts: { id: 3 } });
    await settle();
    await second;
    await here.accept(3);
    await first;
  });

  it("refuses to accept one number twice at once", async () => {
    const { here, there } = pairOfBrokers();
    const first = here.accept(4);
    await assert.rejects(here.accept(4), { code: "broker-id-in-use" });
    await there.dial(4);
    await first;
  });

  it("serves a service as Plugin, and calls it", async () => {
    const { here, there } = pairOfBrokers();
    const served = here.acceptAndServe(1, Adder, add);
    const remote = await there.dialService(1, Adder);
    assert.equal(await remote.service.Add(41), 42);
    await remote.close();
    assert.equal(await served.closed, undefined);
  });

  it("withdraws a service that is closed before anybody came", async () => {
    const { here, there, clock } = pairOfBrokers();
    const served = here.acceptAndServe(1, Adder, add);
    await served.close();
    assert.equal(await served.closed, undefined);
    assert.equal(here.pendingCount, 0);
    const late = assert.rejects(there.dial(1), { code: /^broker-(timeout|refused)$/ });
    await settle();
    clock.advance(brokerTimeoutMs);
    await late;
  });

  it("says that nobody came for a service, without a rejection that nobody handles", async () => {
    const { here, clock } = pairOfBrokers();
    const served = here.acceptAndServe(1, Adder, add);
    clock.advance(brokerTimeoutMs);
    const error = await served.closed;
    assert.equal((error as { code?: string } | undefined)?.code, "broker-timeout");
  });

  it("fails whoever waits when it is closed, and whoever comes later", async () => {
    const { here, clock } = pairOfBrokers();
    const waiting = assert.rejects(here.accept(1), { code: "broker-closed", message: "broker closed" });
    here.close();
    await waiting;
    await assert.rejects(here.accept(2), { code: "broker-closed" });
    await assert.rejects(here.dial(2), { code: "broker-closed" });
    assert.equal(clock.pendingCount, 0);
  });

  // DRAWBAR_LONG=1 is the long form.
  const rounds = process.env["DRAWBAR_LONG"] === "1" ? 100 : 10;
  it(`holds nothing of ${rounds * 100} connections that were opened and closed`, async () => {
    const [near, far] = memoryPair();
    const clock = new ManualClock();
    const end = (stream: ByteStream, role: "client" | "server") => {
      const session: Session = new Session(stream, {
        role,
        clock,
        onStream: (opened) => broker.receive(opened),
      });
      const broker = new MuxBroker({
        open: () => session.open(),
        settings: {},
        clock,
        logger: nullLogger,
      });
      return { session, broker };
    };
    const [host, plugin] = [end(near, "client"), end(far, "server")];
    for (let round = 0; round < rounds; round++) {
      await Promise.all(
        Array.from({ length: 100 }, async () => {
          const id = plugin.broker.nextId();
          const served = plugin.broker.acceptAndServe(id, Adder, add);
          const remote = await host.broker.dialService(id, Adder);
          assert.equal(await remote.service.Add(1), 2);
          await remote.close();
          await served.closed;
        }),
      );
    }
    assert.deepEqual([host.session.streamCount, plugin.session.streamCount], [0, 0]);
    assert.deepEqual([host.broker.pendingCount, plugin.broker.pendingCount], [0, 0]);
    assert.ok(clock.pendingCount < 10, `${clock.pendingCount} timers`);
    host.session.destroy();
  });
});
