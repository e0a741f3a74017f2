import assert from "node:assert/strict";
import { type Channel, type Client, createClient, Metadata } from "@drawbar/grpc";
import { type testService, unimplementedService } from "./test-service.ts";

type TestClient = Client<typeof testService>;
type Case = (client: TestClient, channel: Channel) => Promise<void>;

const largeRequest = 271_828;
const largeReply = 314_159;
const requestSizes = [27_182, 8, 1_828, 45_904];
const replySizes = [31_415, 9, 2_653, 58_979];

const payload = (size: number): { payload: { body: Uint8Array } } => ({
  payload: { body: new Uint8Array(size) },
});
const output = (size: number) => ({ responseParameters: [{ size }] });

async function collect<T>(messages: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const message of messages) all.push(message);
  return all;
}

const metadata = {
  "x-grpc-test-echo-initial": "test_initial_metadata_value",
  "x-grpc-test-echo-trailing-bin": Uint8Array.of(0xab, 0xab, 0xab),
};

// The two ends of an answer, which must echo `metadata`.
function ends() {
  const seen = { headers: new Metadata(), trailers: new Metadata() };
  return {
    options: {
      metadata,
      onHeaders: (headers: Metadata) => Object.assign(seen, { headers }),
      onTrailers: (trailers: Metadata) => Object.assign(seen, { trailers }),
    },
    check(): void {
      assert.equal(seen.headers.get("x-grpc-test-echo-initial"), "test_initial_metadata_value");
      assert.deepEqual(seen.trailers.getAllBinary("x-grpc-test-echo-trailing-bin"), [
        Uint8Array.of(0xab, 0xab, 0xab),
      ]);
    },
  };
}

/** gRPC's interop test cases as a client of ours runs them (doc/interop-test-descriptions.md of gRPC). */
export const interopCases: Readonly<Record<string, Case>> = {
  async empty_unary(client) {
    assert.equal((await client.emptyCall({})).$typeName, "grpc.testing.Empty");
  },
  async large_unary(client) {
    const reply = await client.unaryCall({ responseSize: largeReply, ...payload(largeRequest) });
    assert.deepEqual(reply.payload?.body, new Uint8Array(largeReply));
  },
  async client_streaming(client) {
    const reply = await client.streamingInputCall(requestSizes.map(payload));
    assert.equal(reply.aggregatedPayloadSize, 74_922);
  },
  async server_streaming(client) {
    const replies = await collect(
      client.streamingOutputCall({ responseParameters: replySizes.map((size) => ({ size })) }),
    );
    assert.deepEqual(
      replies.map((reply) => reply.payload?.body.length),
      replySizes,
    );
  },
  async ping_pong(client) {
    let answered = (): void => {};
    async function* requests() {
      for (const [i, size] of replySizes.entries()) {
        const answer = new Promise<void>((resolve) => {
          answered = resolve;
        });
        yield { ...output(size), ...payload(requestSizes[i] ?? 0) };
        await answer;
      }
    }
    const sizes: (number | undefined)[] = [];
    for await (const reply of client.fullDuplexCall(requests())) {
      sizes.push(reply.payload?.body.length);
      answered();
    }
    assert.deepEqual(sizes, replySizes);
  },
  async empty_stream(client) {
    assert.deepEqual(await collect(client.fullDuplexCall([])), []);
  },
  async custom_metadata(client) {
    const unary = ends();
    await client.unaryCall({ responseSize: 1, ...payload(1) }, unary.options);
    unary.check();
    const duplex = ends();
    await collect(client.fullDuplexCall([{ ...output(1), ...payload(1) }], duplex.options));
    duplex.check();
  },
  async status_code_and_message(client) {
    const responseStatus = { code: 2, message: "test status message" };
    const expected = { status: 2, statusMessage: "test status message" };
    await assert.rejects(client.unaryCall({ responseStatus }), expected);
    await assert.rejects(collect(client.fullDuplexCall([{ responseStatus }])), expected);
  },
  async special_status_message(client) {
    const message = "\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n";
    const call = client.unaryCall({ responseStatus: { code: 2, message } });
    await assert.rejects(call, { status: 2, statusMessage: message });
  },
  async unimplemented_method(client) {
    await assert.rejects(client.unimplementedCall({}), { statusName: "UNIMPLEMENTED" });
  },
  async unimplemented_service(_, channel) {
    const other = createClient(unimplementedService, channel);
    await assert.rejects(other.unimplementedCall({}), { statusName: "UNIMPLEMENTED" });
  },
  async cancel_after_begin(client) {
    const controller = new AbortController();
    async function* silence(): AsyncGenerator<object> {
      await new Promise(() => {});
      yield {};
    }
    const call = client.streamingInputCall(silence(), { signal: controller.signal });
    // The headers are out once another call on the same connection has been answered.
    await client.emptyCall({});
    controller.abort();
    await assert.rejects(call, { statusName: "CANCELLED" });
  },
  async cancel_after_first_response(client) {
    const controller = new AbortController();
    async function* requests() {
      yield { ...output(31_415), ...payload(27_182) };
      await new Promise(() => {});
    }
    const replies = client.fullDuplexCall(requests(), { signal: controller.signal });
    assert.equal((await replies.next()).done, false);
    controller.abort();
    await assert.rejects(replies.next(), { statusName: "CANCELLED" });
  },
  async timeout_on_sleeping_server(client) {
    async function* requests() {
      yield { ...output(8), ...payload(27_182) };
      await new Promise(() => {});
    }
    const replies = client.fullDuplexCall(requests(), { timeoutMs: 1 });
    await assert.rejects(collect(replies), { statusName: "DEADLINE_EXCEEDED" });
  },
};
