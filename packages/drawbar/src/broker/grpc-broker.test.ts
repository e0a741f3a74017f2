import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { dirname } from "node:path";
import { afterEach, describe, it } from "node:test";
import type { MethodDefinition, ServiceDefinition } from "@drawbar/grpc";
import { toDuplex } from "@drawbar/io/node";
import { ManualClock } from "@drawbar/io/testing";
import { ListeningPlace } from "../listen/listening-place.ts";
import { nullLogger } from "../log/logger.ts";
import { AutoMtls } from "../security/auto-mtls.ts";
import type { TransportSecurity } from "../security/transport-security.ts";
import { brokerTimeoutMs } from "./awaited-notes.ts";
import { loadRendezvous } from "./brokering.ts";
import type { ConnInfo } from "./conn-info.ts";
import { GrpcBroker } from "./grpc-broker.ts";

const text = {
  encode: (value: string) => Buffer.from(value),
  decode: (bytes: Uint8Array) => Buffer.from(bytes).toString(),
};
const shout: MethodDefinition<string, string> & { readonly kind: "unary" } = {
  path: "/test.Shout/Shout",
  kind: "unary",
  request: text,
  response: text,
};
const shoutService: ServiceDefinition<{ readonly shout: typeof shout }> = {
  name: "test.Shout",
  methods: { shout },
};

interface Side {
  readonly broker: GrpcBroker;
  readonly place: ListeningPlace;
  readonly clock: ManualClock;
  /** Addresses that this side told. */
  readonly told: string[];
}

const sides: Side[] = [];

function side(security?: TransportSecurity): Side {
  const clock = new ManualClock();
  const place = new ListeningPlace("unix", {});
  const told: string[] = [];
  const broker = new GrpcBroker({
    rendezvous: (send) =>
      loadRendezvous({ security, place, mux: undefined, clock, logger: nullLogger }, (note) => {
        told.push(note.address);
        send(note);
      }),
    server: {},
    channel: {},
    clock,
  });
  const made = { broker, place, clock, told };
  sides.push(made);
  return made;
}

// Two brokers whose notes reach each other, as through the stream of notes.
function pair(ours?: TransportSecurity, theirs?: TransportSecurity): [Side, Side] {
  const [host, plugin] = [side(ours), side(theirs)];
  const { signal } = new AbortController();
  void host.broker.receive(plugin.broker.outgoing(signal));
  void plugin.broker.receive(host.broker.outgoing(signal));
  return [host, plugin];
}

afterEach(() => {
  for (const { broker, place } of sides.splice(0)) {
    broker.close();
    place.remove();
  }
});

const shouting = { shout: (value: string) => value.toUpperCase() };

describe("a broker", () => {
  it("numbers from 1, each side for itself", () => {
    const [host, plugin] = pair();
    assert.deepEqual([host.broker.nextId(), host.broker.nextId(), plugin.broker.nextId()], [1, 2, 1]);
  });

  for (const [title, security] of [
    ["", false],
    [" with TLS, whoever accepts being the server", true],
  ] as const) {
    it(`serves an interface in either direction${title}`, async () => {
      const [one, two] = [new AutoMtls(), new AutoMtls()];
      const [host, plugin] = security
        ? pair(one.trust(two.certificatePem, "h2"), two.trust(one.certificatePem, "h2"))
        : pair();
      for (const [server, client] of [
        [host, plugin],
        [plugin, host],
      ] as const) {
        const id = server.broker.nextId();
        await using _served = await server.broker.acceptAndServe(id, shoutService, shouting);
        await using dialed = await client.broker.dialService(id, shoutService);
        assert.equal(await dialed.service.shout("hello"), "HELLO");
      }
    });
  }

  it("has both sides of an interface meet, whoever comes first", async () => {
    const [host, plugin] = pair();
    await using dialed = await plugin.broker.dialService(1, shoutService);
    const early = dialed.service.shout("early");
    await using _served = await host.broker.acceptAndServe(1, shoutService, shouting);
    assert.equal(await early, "EARLY");
  });

  it("carries streams of bytes, as node's streams, with half-close", async () => {
    const [host, plugin] = pair();
    const accepted = host.broker.accept(1);
    const theirs = toDuplex(await plugin.broker.connect(1));
    const ours = toDuplex(await accepted);
    ours.pipe(ours);
    theirs.end("there and back");
    assert.equal(Buffer.concat(await theirs.toArray()).toString(), "there and back");
  });

  it("keeps its sockets in one private folder and removes each when it is closed", async () => {
    const [host, plugin] = pair();
    const [one, two] = await Promise.all([
      host.broker.acceptAndServe(1, shoutService, shouting),
      host.broker.acceptAndServe(2, shoutService, shouting),
    ]);
    await using first = await plugin.broker.dialService(1, shoutService);
    assert.equal(await first.service.shout("a"), "A");
    const [path = ""] = host.told;
    const folder = dirname(path);
    assert.equal(readdirSync(folder).length, 2);
    await one.close();
    assert.equal(readdirSync(folder).length, 1);
    await two.close();
    assert.equal(readdirSync(folder).length, 0);
    host.place.remove();
    assert.ok(!existsSync(folder));
  });

  it("fails a call after five seconds if the other side never comes, and holds nothing for it", async () => {
    const [, plugin] = pair();
    await using dialed = await plugin.broker.dialService(7, shoutService);
    const call = assert.rejects(dialed.service.shout("anybody?"), {
      statusName: "UNAVAILABLE",
      message: /UNAVAILABLE.*timeout waiting for connection info/,
    });
    await settled();
    plugin.clock.advance(brokerTimeoutMs);
    await call;
    assert.equal(plugin.clock.pendingCount, 0);
  });

  it("gives up accepting after five seconds, and closes the socket", async () => {
    const [host] = pair();
    const accepted = assert.rejects(host.broker.accept(3), {
      code: "broker-timeout",
      message: "timeout waiting for accept: nobody dialled connection 3",
    });
    while (host.clock.pendingCount === 0) await settled();
    host.clock.advance(brokerTimeoutMs);
    await accepted;
    const [path = ""] = host.told;
    assert.ok(!existsSync(path));
  });

  it("refuses to accept a number twice at once, and takes it again once it is free", async () => {
    const [host] = pair();
    const server = await host.broker.acceptAndServe(1, shoutService, shouting);
    await assert.rejects(host.broker.acceptAndServe(1, shoutService, shouting), { code: "broker-id-in-use" });
    await server.close();
    await (await host.broker.acceptAndServe(1, shoutService, shouting)).close();
  });

  it("refuses an address that cannot be connected to", async () => {
    const { broker } = side();
    const note: ConnInfo = { serviceId: 1, network: "smoke", address: "signals" };
    await broker.receive(
      (async function* () {
        yield note;
      })(),
    );
    await assert.rejects(broker.connect(1), {
      code: "broker-address-invalid",
      message: "unknown address type: signals (network smoke)",
    });
  });

  it("fails whoever waits, and whatever follows, once it is closed", async () => {
    const [host, plugin] = pair();
    await using dialed = await plugin.broker.dialService(9, shoutService);
    const call = assert.rejects(dialed.service.shout("hello"), /broker closed/);
    const served = await host.broker.acceptAndServe(1, shoutService, shouting);
    await settled();
    plugin.broker.close();
    host.broker.close();
    await call;
    const [path = ""] = host.told;
    assert.ok(!existsSync(path));
    await assert.rejects(host.broker.accept(2), { code: "broker-closed" });
    await assert.rejects(host.broker.connect(2), { code: "broker-closed" });
    assert.throws(() => host.broker.dial(2), { code: "broker-closed" });
    await served.close();
  });
});

// Lets what was begun get as far as it can without the clock.
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
