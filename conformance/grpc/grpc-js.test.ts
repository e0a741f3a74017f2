import assert from "node:assert/strict";
import type { Readable } from "node:stream";
import { after, before, describe, test } from "node:test";
import { type Channel, createClient, type MethodKind } from "@drawbar/grpc";
import { fromGrpcJs } from "@drawbar/grpc/grpc-js";
import * as grpc from "@grpc/grpc-js";
import { interopCases } from "./interop-cases.ts";
import { channelTo, type Listening, serveTestService } from "./processes.ts";
import { testService, testServiceHandlers } from "./test-service.ts";

// The same service as grpc-js describes one: our adapter must take it, and grpc-js must too.
const streams: Readonly<Record<MethodKind, [request: boolean, response: boolean]>> = {
  unary: [false, false],
  server_streaming: [false, true],
  client_streaming: [true, false],
  bidi_streaming: [true, true],
};
const definition = Object.fromEntries(
  Object.entries(testService.methods).map(([name, method]) => {
    const [requestStream, responseStream] = streams[method.kind];
    const request = method.request as {
      encode(value: unknown): Uint8Array;
      decode(bytes: Uint8Array): unknown;
    };
    const response = method.response as {
      encode(value: unknown): Uint8Array;
      decode(bytes: Uint8Array): unknown;
    };
    return [
      name,
      {
        path: method.path,
        requestStream,
        responseStream,
        requestSerialize: (value: unknown) => Buffer.from(request.encode(value)),
        requestDeserialize: (bytes: Buffer) => request.decode(bytes),
        responseSerialize: (value: unknown) => Buffer.from(response.encode(value)),
        responseDeserialize: (bytes: Buffer) => response.decode(bytes),
      },
    ];
  }),
);

interface Sized {
  readonly payload?: { readonly body: Uint8Array };
}

describe("grpc-js's client against our server, by the same generated definition", () => {
  let listening: Listening;
  let client: grpc.Client;
  before(async () => {
    listening = await serveTestService();
    const options = { "grpc.default_compression_algorithm": 2 };
    client = new grpc.Client(`127.0.0.1:${listening.port}`, grpc.credentials.createInsecure(), options);
  });
  after(async () => {
    client.close();
    await listening[Symbol.asyncDispose]();
  });

  function unary(request: object): Promise<Sized> {
    const { path, requestSerialize, responseDeserialize } = definition["unaryCall"] as grpc.MethodDefinition<
      object,
      Sized
    >;
    return new Promise((resolve, reject) => {
      client.makeUnaryRequest(path, requestSerialize, responseDeserialize, request, (error, reply) => {
        if (error === null && reply !== undefined) resolve(reply);
        else reject(error ?? new Error("no reply"));
      });
    });
  }

  test("a compressed request is answered, compressed or not", async () => {
    for (const value of [true, false]) {
      const body = new Uint8Array(100_000);
      const reply = await unary({ responseSize: 50_000, responseCompressed: { value }, payload: { body } });
      assert.equal(reply.payload?.body.length, 50_000);
    }
  });

  test("a status arrives", async () => {
    await assert.rejects(unary({ responseStatus: { code: 9, message: "ü" } }), { code: 9, details: "ü" });
  });

  test("both sides stream", async () => {
    const { path, requestSerialize, responseDeserialize } = definition[
      "fullDuplexCall"
    ] as grpc.MethodDefinition<object, Sized>;
    const call = client.makeBidiStreamRequest(path, requestSerialize, responseDeserialize);
    for (const size of [10, 200_000, 0]) call.write({ responseParameters: [{ size }] });
    call.end();
    const sizes: (number | undefined)[] = [];
    for await (const reply of call as AsyncIterable<Sized>) sizes.push(reply.payload?.body.length);
    assert.deepEqual(sizes, [10, 200_000, 0]);
  });
});

describe("our client against grpc-js's server", () => {
  const server = new grpc.Server({ "grpc.max_receive_message_length": -1 });
  let channel: Channel;
  before(async () => {
    server.addService(definition, grpcJsHandlers());
    const port = await new Promise<number>((resolve, reject) => {
      server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) => {
        if (error === null) resolve(bound);
        else reject(error);
      });
    });
    channel = channelTo(port);
  });
  after(async () => {
    await channel.close();
    server.forceShutdown();
  });

  const supported = ["empty_unary", "large_unary", "client_streaming", "server_streaming", "ping_pong"];
  const more = ["empty_stream", "status_code_and_message", "special_status_message", "unimplemented_method"];
  const last = [
    "unimplemented_service",
    "cancel_after_begin",
    "cancel_after_first_response",
    "timeout_on_sleeping_server",
  ];
  for (const name of [...supported, ...more, ...last]) {
    test(name, async () => {
      await interopCases[name]?.(createClient(testService, channel), channel);
      assert.equal(channel.activeCalls, 0);
    });
  }

  test("compressed requests are understood, by a client from the same definition", async () => {
    const client = createClient(fromGrpcJs(definition), channel, { compress: "gzip" });
    const call = client["unaryCall"] as unknown as (request: object) => Promise<Sized>;
    const reply = await call({ responseSize: 5, payload: { body: new Uint8Array(100_000) } });
    assert.equal(reply.payload?.body.length, 5);
  });
});

// Our handlers in grpc-js's dress.
function grpcJsHandlers(): grpc.UntypedServiceImplementation {
  const handlers = testServiceHandlers as unknown as Record<
    string,
    (input: unknown, context: unknown) => unknown
  >;
  const context = { metadata: { get: () => undefined, getBinary: () => undefined } };
  const failure = (error: unknown): object => {
    const { status, statusMessage } = error as { status: number; statusMessage: string };
    return { code: status, details: statusMessage };
  };
  const one = async (run: () => unknown, callback: grpc.sendUnaryData<unknown>): Promise<void> => {
    try {
      callback(null, await run());
    } catch (error) {
      callback(failure(error));
    }
  };
  const many = async (
    call: grpc.ServerWritableStream<unknown, unknown>,
    run: () => unknown,
  ): Promise<void> => {
    try {
      for await (const reply of run() as AsyncIterable<unknown>) call.write(reply);
      call.end();
    } catch (error) {
      call.emit("error", failure(error));
    }
  };
  const dressed = Object.fromEntries(
    Object.entries(handlers).map(([name, handler]) => {
      const [requests, replies] = streams[testService.methods[name as "unaryCall"].kind];
      // Node ends a duplex whose iteration is over, and grpc-js then never answers.
      const inputOf = (call: { request?: unknown }): unknown =>
        requests ? (call as unknown as Readable).iterator({ destroyOnReturn: false }) : call.request;
      return [
        name,
        (call: grpc.ServerWritableStream<unknown, unknown>, callback: grpc.sendUnaryData<unknown>) => {
          if (replies) void many(call, () => handler(inputOf(call), context));
          else void one(() => handler(inputOf(call), context), callback);
        },
      ];
    }),
  );
  return dressed as grpc.UntypedServiceImplementation;
}
