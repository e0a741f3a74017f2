import assert from "node:assert/strict";
import { test } from "node:test";
import * as gob from "@drawbar/gob";
import { memoryPair } from "@drawbar/io";
import { Client, method, NetRpcError, Server, ServerError, service } from "@drawbar/netrpc";
import { arith, arithmetic, pair, settle } from "./contract.ts";

test("a call answers with what the contract says", async () => {
  const { arith } = pair();
  const product: number = await arith.Multiply({ A: 6, B: 7 });
  const quotient: { Quo: number; Rem: number } = await arith.Divide({ A: 7, B: 2 });
  assert.equal(product, 42);
  assert.deepEqual({ ...quotient }, { Quo: 3, Rem: 1 });
});

test("calls run at the same time and are answered in any order", async () => {
  const release: (() => void)[] = [];
  const { arith, client } = pair({
    Wait: (text) => new Promise((resolve) => release.push(() => resolve(text))),
  });
  const settled: string[] = [];
  const calls = ["a", "b", "c"].map((text) => arith.Wait(text).then((answer) => settled.push(answer)));
  await settle();
  assert.equal(client.pendingCount, 3);
  for (const i of [2, 0, 1]) {
    release[i]?.();
    await settle();
  }
  await Promise.all(calls);
  assert.deepEqual(settled, ["c", "a", "b"]);
  assert.equal(client.pendingCount, 0);
});

test("what a handler throws arrives as a ServerError with its message, and the connection goes on", async () => {
  const { arith } = pair();
  await assert.rejects(arith.Divide({ A: 1, B: 0 }), (error) => {
    assert.ok(error instanceof ServerError && error instanceof NetRpcError);
    assert.deepEqual([error.code, error.message], ["netrpc-server-error", "divide by zero"]);
    assert.deepEqual(error.facts, { serviceMethod: "Arith.Divide" });
    return true;
  });
  assert.equal(await arith.Multiply({ A: 2, B: 2 }), 4);
});

test("so does a rejection, and whatever else is thrown; an empty message is not sent as success", async () => {
  const thrown: unknown[] = [new Error("later"), "text", 7, new RangeError("")];
  const { arith } = pair({ Wait: () => Promise.reject(thrown.shift()) });
  for (const message of ["later", "text", "7", "RangeError"]) {
    await assert.rejects(arith.Wait(""), { code: "netrpc-server-error", message });
  }
});

test("an unknown service, an unknown method and a name without a dot are refused in Go's words", async () => {
  const { client, arith } = pair();
  const { Multiply } = { Multiply: method(gob.string, gob.string) };
  const refused = (serviceMethod: string, message: string): Promise<void> =>
    assert.rejects(client.call(serviceMethod, Multiply, "x"), { code: "netrpc-server-error", message });
  await refused("Nobody.Multiply", "rpc: can't find service Nobody.Multiply");
  await refused("Arith.Nothing", "rpc: can't find method Arith.Nothing");
  await refused("Arith", "rpc: service/method request ill-formed: Arith");
  assert.equal(await arith.Multiply({ A: 2, B: 2 }), 4);
});

test("names of objects' own are no methods", async () => {
  const { client } = pair();
  for (const name of ["Arith.constructor", "Arith.__proto__", "__proto__.toString"]) {
    await assert.rejects(client.call(name, method(gob.string, gob.string), "x"), {
      code: "netrpc-server-error",
    });
  }
});

test("an argument of another type is refused by the server, and the connection goes on", async () => {
  const { client, arith } = pair();
  await assert.rejects(client.call("Arith.Multiply", method(gob.string, gob.int), "six"), {
    code: "netrpc-server-error",
    message: /gob/,
  });
  assert.equal(await arith.Multiply({ A: 2, B: 2 }), 4);
});

test("an argument that does not fit is not sent", async () => {
  const { client, arith, connection } = pair();
  const bad = { A: "six" as never, B: 1 };
  await assert.rejects(arith.Multiply(bad), (error: NetRpcError) => {
    assert.equal(error.code, "netrpc-bad-args");
    assert.match(error.message, /^the argument of Arith.Multiply does not fit: gob: .*field A/);
    assert.ok(error.cause instanceof gob.GobError);
    return true;
  });
  assert.equal(client.pendingCount, 0);
  assert.equal(await arith.Multiply({ A: 2, B: 2 }), 4);
  assert.equal(connection.requestCount, 0);
});

test("a reply that does not fit the server's contract becomes an error, and the connection goes on", async () => {
  const { arith } = pair({ Multiply: () => "many" as never });
  for (let i = 0; i < 2; i++) {
    await assert.rejects(arith.Multiply({ A: 1, B: 1 }), { code: "netrpc-server-error", message: /^gob: / });
  }
  assert.equal(await arith.Wait("on"), "on");
});

test("a reply that does not fit the client's contract rejects that call alone", async () => {
  const { client, arith } = pair();
  const wrong = client.call("Arith.Multiply", method(gob.struct("Args", { A: gob.int }), gob.string), {
    A: 1,
  });
  const right = arith.Multiply({ A: 2, B: 2 });
  await assert.rejects(wrong, {
    code: "netrpc-bad-reply",
    message: /^the reply of Arith.Multiply does not fit: gob: /,
  });
  assert.equal(await right, 4);
});

test("one contract may be served under many names", async () => {
  const [a, b] = memoryPair();
  const server = new Server();
  for (let i = 0; i < 10; i++) {
    server.register(arith, { ...arithmetic, Wait: () => `from ${i}` }, { name: `Plugin${i}` });
  }
  server.serve(b);
  const client = new Client(a);
  assert.equal(await client.service(arith, { name: "Plugin7" }).Wait(""), "from 7");
});

test("a class instance serves, with its own this", async () => {
  class Counter {
    count = 0;
    Next(step: number): number {
      this.count += step;
      return this.count;
    }
  }
  const counter = service("Counter", { Next: method(gob.int, gob.int) });
  const [a, b] = memoryPair();
  new Server().register(counter, new Counter()).serve(b);
  const { Next } = new Client(a).service(counter);
  assert.deepEqual([await Next(2), await Next(3)], [2, 5]);
});

test("a service cannot be registered twice, nor without all its methods", () => {
  const server = new Server().register(arith, arithmetic);
  assert.throws(() => server.register(arith, arithmetic), {
    code: "netrpc-bad-service",
    message: "cannot register service Arith: rpc: service already defined",
  });
  const { Wait: _wait, ...incomplete } = arithmetic;
  assert.throws(() => server.register(arith, incomplete as never, { name: "Other" }), {
    code: "netrpc-bad-service",
    message: "cannot register service Other: method Wait is not implemented",
  });
});

test("calls of one turn leave as one write, and so do the answers; types are defined once", async () => {
  const [a, b] = memoryPair();
  const sizes: number[] = [];
  b.start({ onData: (chunk) => sizes.push(chunk.length), onEnd() {}, onDrain() {}, onClose() {} });
  const client = new Client(a).service(arith);
  for (let i = 0; i < 3; i++) client.Multiply({ A: i, B: i }).catch(() => {});
  await settle();
  assert.equal(sizes.length, 1);
  client.Multiply({ A: 1, B: 1 }).catch(() => {});
  await settle();
  assert.ok((sizes[1] ?? 0) < 35, `${sizes[1]} bytes for one call`);
});

test("large arguments and replies pass", async () => {
  const { arith } = pair();
  const text = "x".repeat(5_000_000);
  assert.equal((await arith.Wait(text)).length, text.length);
});
