import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { close, collect, rig, settle } from "./support/rig.ts";

const value = (length: number): { value: Uint8Array } => ({ value: new Uint8Array(length) });

describe("message limits", () => {
  test("a server takes 4 MiB unless told otherwise, and names the option that allows more", async () => {
    const both = rig({ say: (request) => ({ key: String(request.value.length) }) });
    const fits = 4 * 1024 * 1024 - 5;
    assert.equal((await both.client.say(value(fits))).key, String(fits));
    await assert.rejects(both.client.say(value(fits + 1)), {
      code: "grpc-resource-exhausted",
      message: /4194305 bytes is larger than 4194304 bytes.*maxReceiveMessageBytes of the Server/,
    });
    await assert.rejects(both.client.collect([value(fits + 1)]), { code: "grpc-unimplemented" });
    assert.equal((await both.client.say(value(1))).key, "1");
    await close(both);
  });

  test("each side bounds what it receives and what it sends", async () => {
    const bounds = [
      ["maxReceiveMessageBytes of the Channel", { channel: { maxReceiveMessageBytes: 100 } }],
      ["maxSendMessageBytes of the Channel", { channel: { maxSendMessageBytes: 100 } }],
      ["maxReceiveMessageBytes of the Server", { server: { maxReceiveMessageBytes: 100 } }],
      ["maxSendMessageBytes of the Server", { server: { maxSendMessageBytes: 100 } }],
    ] as const;
    for (const [option, options] of bounds) {
      const both = rig({ say: (request) => request, chat: (requests) => requests }, options);
      assert.equal((await both.client.say(value(98))).value.length, 98);
      const expected = { message: new RegExp(`\\d+ bytes is larger than 100 bytes.*${option}`) };
      await assert.rejects(both.client.say(value(99)), { ...expected, code: "grpc-resource-exhausted" });
      await assert.rejects(collect(both.client.chat([value(10), value(99)])), expected);
      assert.equal((await both.client.say(value(1))).value.length, 1);
      await settle();
      assert.equal(both.server.activeCalls, 0, option);
      await close(both);
    }
  });
});

describe("gzip", () => {
  test("compresses requests where the caller asks and replies where the handler does", async () => {
    const sizes = { up: 0, down: 0 };
    const both = rig({
      say: (request, context) => {
        context.compress = "gzip";
        return request;
      },
      async *chat(requests, context) {
        context.compress = "gzip";
        for await (const request of requests) yield request;
      },
    });
    await both.channel.connect();
    const [client, server] = both.pairs[0] ?? [];
    assert.ok(client !== undefined && server !== undefined);
    const up = client.write.bind(client);
    const down = server.write.bind(server);
    client.write = (chunk) => {
      sizes.up += chunk.length;
      return up(chunk);
    };
    server.write = (chunk) => {
      sizes.down += chunk.length;
      return down(chunk);
    };
    const reply = await both.client.say(value(100_000), { compress: "gzip" });
    assert.equal(reply.value.length, 100_000);
    const replies = await collect(both.client.chat([value(100_000), value(50_000)], { compress: "gzip" }));
    assert.deepEqual(
      replies.map((one) => one.value.length),
      [100_000, 50_000],
    );
    assert.ok(sizes.up < 10_000 && sizes.down < 10_000, `${sizes.up} bytes up, ${sizes.down} down`);
    await close(both);
  });

  test("a bomb is stopped at the receiver's limit, on either side", async () => {
    const options = {
      server: { maxReceiveMessageBytes: 100_000 },
      channel: { maxReceiveMessageBytes: 100_000 },
    };
    const both = rig(
      {
        say: (request) => request,
        expand: (_, context) => {
          context.compress = "gzip";
          return [value(20_000_000)];
        },
      },
      options,
    );
    await assert.rejects(both.client.say(value(20_000_000), { compress: "gzip" }), {
      code: "grpc-resource-exhausted",
      message: /maxReceiveMessageBytes of the Server/,
    });
    await assert.rejects(collect(both.client.expand({})), {
      code: "grpc-resource-exhausted",
      message: /maxReceiveMessageBytes of the Channel/,
    });
    await close(both);
  });
});
