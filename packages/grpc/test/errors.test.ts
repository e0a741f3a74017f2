import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createClient, StatusCode, StatusError, type StatusName } from "@drawbar/grpc";
import { healthService } from "@drawbar/grpc/health";
import { close, collect, echo, rig } from "./support/rig.ts";

describe("how calls fail", () => {
  test("each status arrives with its name, number, message and details", async () => {
    const names = Object.keys(StatusCode).filter((name) => name !== "OK") as StatusName[];
    const details = Uint8Array.of(8, 5);
    const both = rig({
      say: ({ key }) => {
        throw new StatusError(key as StatusName, `über ${key}\n`, { details });
      },
    });
    for (const name of names) {
      await assert.rejects(both.client.say({ key: name }), (error: StatusError) => {
        assert.equal(error.status, StatusCode[name]);
        assert.equal(error.statusName, name);
        assert.equal(error.statusMessage, `über ${name}\n`);
        assert.deepEqual(error.details, details);
        return true;
      });
    }
    await close(both);
  });

  test("any other error of a handler arrives as UNKNOWN with its message, thrown or rejected", async () => {
    const both = rig({
      say: () => {
        throw new Error("thrown");
      },
      collect: () => Promise.reject(new Error("rejected")),
      expand: () => {
        throw new Error("before");
      },
      async *chat() {
        yield { key: "one" };
        throw new Error("between");
      },
    });
    const unknown = (message: string): object => ({ code: "grpc-unknown", message: `UNKNOWN: ${message}` });
    await assert.rejects(both.client.say({}), unknown("thrown"));
    await assert.rejects(both.client.collect([]), unknown("rejected"));
    await assert.rejects(collect(both.client.expand({})), unknown("before"));
    const replies = both.client.chat([]);
    assert.equal((await replies.next()).done, false);
    await assert.rejects(replies.next(), unknown("between"));
    assert.equal((await replies.next()).done, true);
    await close(both);
  });

  test("an unknown service and an unknown method are UNIMPLEMENTED in grpc-go's words", async () => {
    const both = rig({});
    await assert.rejects(createClient(healthService, both.channel).check({ service: "" }), {
      code: "grpc-unimplemented",
      message: "UNIMPLEMENTED: unknown service grpc.health.v1.Health",
    });
    await assert.rejects(both.client.say({}), {
      code: "grpc-unimplemented",
      message: "UNIMPLEMENTED: unknown method Say for service drawbar.test.Echo",
    });
    await assert.rejects(collect(both.client.chat([{}, {}])), { code: "grpc-unimplemented" });
    await close(both);
  });

  test("a request that cannot be encoded fails its call, on the client alone", async () => {
    let called = 0;
    const both = rig({
      say: (request) => {
        called++;
        return request;
      },
      collect: async (requests) => ({ key: String((await collect(requests)).length) }),
    });
    const wrong = { key: 5 as unknown as string, value: "text" as unknown as Uint8Array };
    await assert.rejects(both.client.say(wrong), { code: "grpc-internal", message: /could not be encoded/ });
    await assert.rejects(both.client.collect([wrong]), {
      code: "grpc-cancelled",
      message: /could not be encoded/,
    });
    assert.throws(() => both.client.expand(wrong), {
      code: "grpc-internal",
      message: /could not be encoded/,
    });
    assert.equal(called, 0);
    assert.equal(both.channel.activeCalls, 0);
    await close(both);
  });

  test("a reply that cannot be encoded is INTERNAL to the client", async () => {
    const wrong = { value: 5 as unknown as Uint8Array };
    const both = rig({ say: () => wrong, expand: () => [{ key: "good" }, wrong] });
    await assert.rejects(both.client.say({}), { code: "grpc-internal", message: /could not be encoded/ });
    const replies = both.client.expand({});
    assert.equal((await replies.next()).done, false);
    await assert.rejects(replies.next(), { code: "grpc-internal", message: /could not be encoded/ });
    await close(both);
  });

  test("a source of requests that fails cancels the call, with the failure as its cause", async () => {
    const failure = new Error("disk gone");
    async function* source(): AsyncGenerator<{ key: string }> {
      yield { key: "one" };
      throw failure;
    }
    let signal: AbortSignal | undefined;
    const both = rig({
      collect: async (requests, context) => {
        signal = context.signal;
        return { key: String((await collect(requests)).length) };
      },
    });
    await assert.rejects(both.client.collect(source()), (error: StatusError) => {
      assert.equal(error.code, "grpc-cancelled");
      assert.match(error.message, /disk gone/);
      assert.equal(error.cause, failure);
      return true;
    });
    await close(both);
    assert.equal(signal?.aborted, true);
  });

  test("a callback of the user that throws fails its call and no other", async () => {
    const both = rig({ say: (request) => request });
    const broken = (): void => {
      throw new Error("broken callback");
    };
    await assert.rejects(both.client.say({}, { onHeaders: broken }), {
      code: "grpc-internal",
      message: /broken/,
    });
    await assert.rejects(both.client.say({}, { onTrailers: broken }), {
      code: "grpc-internal",
      message: /broken/,
    });
    assert.equal((await both.client.say({ key: "k" })).key, "k");
    await close(both);
  });

  test("a service cannot be added twice, nor a handler that is no function", () => {
    const both = rig({});
    assert.throws(() => both.server.addService(echo, {}), /added before/);
    const wrong = { check: 5 } as unknown as { check: () => { status: "SERVING" } };
    assert.throws(() => both.server.addService(healthService, wrong), /check is not a function/);
  });
});
