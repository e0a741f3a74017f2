import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createClient } from "@drawbar/grpc";
import { HealthRegistry, healthService } from "@drawbar/grpc/health";
import { close, gate, rig, settle } from "./support/rig.ts";

function open(): {
  health: HealthRegistry;
  both: ReturnType<typeof rig>;
  client: ReturnType<typeof clientOf>;
} {
  const both = rig({});
  const health = new HealthRegistry();
  both.server.addService(healthService, health.implementation);
  return { health, both, client: clientOf(both) };
}

const clientOf = (both: ReturnType<typeof rig>) => createClient(healthService, both.channel);

describe("health", () => {
  test("Check tells the status of a service, of the whole server, and NOT_FOUND of others", async () => {
    const { health, both, client } = open();
    health.set("plugin", "SERVING");
    assert.deepEqual(await client.check({ service: "plugin" }), { status: "SERVING" });
    assert.deepEqual(await client.check({ service: "" }), { status: "SERVING" });
    await assert.rejects(client.check({ service: "other" }), {
      code: "grpc-not-found",
      message: /unknown service/,
    });
    await close(both);
  });

  test("List tells all, up to a hundred", async () => {
    const { health, both, client } = open();
    health.set("plugin", "NOT_SERVING");
    assert.deepEqual(await client.list({}), {
      statuses: { "": { status: "SERVING" }, plugin: { status: "NOT_SERVING" } },
    });
    for (let i = 0; i < 100; i++) health.set(`s${i}`, "SERVING");
    await assert.rejects(client.list({}), { code: "grpc-resource-exhausted" });
    await close(both);
  });

  test("Watch tells the present status and each change, of services that do not exist yet too", async () => {
    const { health, both, client } = open();
    const watch = client.watch({ service: "plugin" });
    assert.deepEqual((await watch.next()).value, { status: "SERVICE_UNKNOWN" });
    health.set("plugin", "SERVING");
    assert.deepEqual((await watch.next()).value, { status: "SERVING" });
    health.set("plugin", "SERVING");
    const next = watch.next();
    await settle();
    health.shutdown();
    assert.deepEqual((await next).value, { status: "NOT_SERVING" });
    health.set("plugin", "SERVING");
    assert.equal(health.get("plugin"), "NOT_SERVING");
    await watch.return?.();
    await settle();
    assert.equal(both.server.activeCalls, 0);
    await close(both);
  });

  test("a watcher that is cancelled leaves nothing behind", async () => {
    const { health, both } = open();
    const controller = new AbortController();
    const { signal } = controller;
    const handler = health.implementation.watch({ service: "x" }, { signal } as never);
    const iterator = (handler as AsyncIterable<unknown>)[Symbol.asyncIterator]();
    await iterator.next();
    const ended = gate<IteratorResult<unknown>>();
    void iterator.next().then(ended.open);
    controller.abort();
    assert.equal((await ended.promise).done, true);
    await close(both);
  });
});
