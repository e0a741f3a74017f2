import assert from "node:assert/strict";
import { test } from "node:test";
import * as gob from "@drawbar/gob";
import { memoryPair } from "@drawbar/io";
import { socketStream } from "@drawbar/io/node";
import { Client, method, Server } from "@drawbar/netrpc";
import { Session } from "@drawbar/yamux";
import { arith, arithmetic } from "./contract.ts";
import { goPeer, type Network, runPeer } from "./go-peer.ts";

const networks: readonly Network[] = ["tcp", "unix"];

for (const network of networks) {
  test(`${network}: Go's client finds in our server all that it finds in Go's`, async () => {
    await using go = await goPeer("client", network);
    const server = new Server().register(arith, arithmetic).register(arith, arithmetic, { name: "Plugin" });
    const connection = server.serve(socketStream(go.socket));
    assert.equal(await go.output, "ok");
    assert.equal(await connection.closed, undefined);
  });

  test(`${network}: our client finds in Go's server all that the contract says`, async () => {
    await using go = await goPeer("server", network);
    const client = new Client(socketStream(go.socket));
    await callAll(client);
    await client.close();
    assert.equal(await client.closed, undefined);
    assert.equal(await go.output, "served");
  });

  test(`${network}: 5000 calls at the same time are each answered with their own`, async () => {
    await using go = await goPeer("server", network);
    const { Multiply } = new Client(socketStream(go.socket)).service(arith);
    const products = await Promise.all(Array.from({ length: 5_000 }, (_, i) => Multiply({ A: i, B: 3 })));
    assert.deepEqual(
      products,
      Array.from({ length: 5_000 }, (_, i) => i * 3),
    );
  });

  test(`${network}: a call that is aborted leaves the connection to the others, its late answer is dropped`, async () => {
    await using go = await goPeer("server", network);
    const { Sleep, Multiply } = new Client(socketStream(go.socket)).service(arith);
    const late = Sleep(100);
    await assert.rejects(Sleep(50, { timeoutMs: 1 }), { code: "netrpc-timeout" });
    await assert.rejects(Sleep(50, { signal: AbortSignal.timeout(1) }), { name: "TimeoutError" });
    assert.equal(await late, 100, "by now the answers to the other two have come");
    assert.equal(await Multiply({ A: 2, B: 3 }), 6);
  });
}

test("a Go server that dies rejects every call that waits", async () => {
  await using go = await goPeer("server", "unix");
  const client = new Client(socketStream(go.socket));
  const { Sleep, Multiply } = client.service(arith);
  await Multiply({ A: 1, B: 1 });
  const calls = Array.from({ length: 10 }, () =>
    assert.rejects(Sleep(60_000), { code: "netrpc-connection-lost" }),
  );
  go.process.kill("SIGKILL");
  await Promise.all(calls);
});

test("in memory, our client finds in our server what both find in Go's", async () => {
  const [a, b] = memoryPair();
  const server = new Server().register(arith, arithmetic).register(arith, arithmetic, { name: "Plugin" });
  const connection = server.serve(b);
  const client = new Client(a);
  await callAll(client);
  await client.close();
  assert.equal(await connection.closed, undefined);
});

test("on a yamux stream, as go-plugin has it", async () => {
  const [a, b] = memoryPair();
  const server = new Server().register(arith, arithmetic).register(arith, arithmetic, { name: "Plugin" });
  const there = new Session(b, { role: "server", onStream: (stream) => void server.serve(stream) });
  const here = new Session(a, { role: "client" });
  const client = new Client(here.open());
  await callAll(client);
  await client.close();
  await here.close();
  assert.equal(await there.closed, undefined);
});

test("what Go's client sends is answered as Go's server answers it, value by value", async () => {
  const recorded = Object.fromEntries((await runPeer("record")).split("\n").map((line) => line.split(" ")));
  const requests = Buffer.from(String(recorded["requests"]), "hex");
  const responses = Buffer.from(String(recorded["responses"]), "hex");

  const [a, b] = memoryPair();
  const server = new Server().register(arith, arithmetic).register(arith, arithmetic, { name: "Plugin" });
  const { closed } = server.serve(b);
  const answers: Buffer[] = [];
  a.start({ onData: (piece) => answers.push(Buffer.from(piece)), onEnd() {}, onDrain() {}, onClose() {} });
  a.write(requests);
  a.end();
  await closed;
  assert.deepEqual(valuesOf(Buffer.concat(answers)), valuesOf(responses));
});

async function callAll(client: Client): Promise<void> {
  const go = client.service(arith);
  assert.equal(await go.Multiply({ A: 6, B: 7 }), 42);
  assert.deepEqual({ ...(await go.Divide({ A: 7, B: 2 })) }, { Quo: 3, Rem: 1 });
  await assert.rejects(go.Divide({ A: 7 }), { code: "netrpc-server-error", message: "divide by zero" });
  const ada = await go.Person({ Name: "Ada", Age: 36, Tags: ["a", "b"], Scores: { x: 1.5 } });
  assert.deepEqual([ada.Name, ada.Age, ada.Tags, { ...ada.Scores }], ["Ada", 37, ["a", "b"], { x: 1.5 }]);
  assert.equal(ada.Boss?.Name, "Boss of Ada");
  assert.equal(await client.service(arith, { name: "Plugin" }).Greet(null), "hello <nil>");
  const data = Buffer.alloc(10_000_000, "0123456789");
  assert.ok(data.equals(await go.Bytes(data)));
  const any = method(gob.string, gob.int);
  const refusals = {
    "Nobody.Multiply": /^rpc: can't find service Nobody.Multiply$/,
    "Arith.Nothing": /^rpc: can't find method Arith.Nothing$/,
    Arith: /^rpc: service\/method request ill-formed: Arith$/,
    "Arith.Multiply": /gob/,
  };
  for (const [serviceMethod, message] of Object.entries(refusals)) {
    await assert.rejects(client.call(serviceMethod, any, "six"), { code: "netrpc-server-error", message });
  }
  const order: number[] = [];
  await Promise.all([100, 1].map((ms) => go.Sleep(ms).then((slept) => order.push(slept))));
  assert.deepEqual(order, [1, 100]);
}

// Types have other ids here than in Go, so values are compared and not bytes.
function valuesOf(bytes: Buffer): unknown[] {
  const decoder = new gob.Decoder();
  decoder.push(bytes);
  const values: unknown[] = [];
  for (;;) {
    const decoded = decoder.decodeAny();
    if (decoded === gob.pending) return values;
    values.push(decoded.value);
  }
}
