import assert from "node:assert/strict";
import { isStatusError, type Metadata, type StatusError } from "@drawbar/grpc";
import { type LaunchSettings, PluginClient } from "drawbar";
import { handshake, plugins } from "../probe.ts";
import { scratchFolder } from "../scratch-folder.ts";
import type { Cases } from "./capabilities.ts";
import { ourHostCases } from "./our-host-cases.ts";
import type { GrpcRunning, OurHostLab } from "./our-host-lab.ts";

type Lab = OurHostLab<GrpcRunning>;
type Way = Pick<LaunchSettings, "autoMtls" | "grpcBrokerMultiplex">;

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const mebibytes4 = 4 * 1024 * 1024;
const long = "all of it ".repeat(20_000);

async function* each<T>(...items: T[]): AsyncGenerator<T> {
  yield* items;
}

async function valuesOf<T>(items: AsyncIterable<{ readonly value: T }>): Promise<T[]> {
  const list: T[] = [];
  for await (const { value } of items) list.push(value);
  return list;
}

async function statusOf(call: Promise<unknown>): Promise<StatusError> {
  const error = await call.then(
    () => new Error("the call succeeded"),
    (reason: unknown) => reason,
  );
  if (isStatusError(error)) return error;
  throw error;
}

async function serviceAsArgument(lab: Lab, way: Way): Promise<void> {
  const { probe } = await lab.shared(way);
  assert.equal(await probe.callBack(long), long);
  const texts = Array.from({ length: 10 }, (_, index) => `number ${index}`);
  assert.deepEqual(await Promise.all(texts.map((text) => probe.callBack(text))), texts);
}

async function serviceAsResult(lab: Lab, way: Way): Promise<void> {
  const { probe } = await lab.shared(way);
  assert.equal(await probe.dialOffer("there and back"), "there and back");
  const texts = Array.from({ length: 10 }, (_, index) => `number ${index}`);
  assert.deepEqual(await Promise.all(texts.map((text) => probe.dialOffer(text))), texts);
}

async function everythingBrokered(lab: Lab, way: Way): Promise<void> {
  await serviceAsArgument(lab, way);
  await serviceAsResult(lab, way);
  const { probe } = await lab.shared(way);
  assert.equal(await probe.bytes(long), long);
}

/** What our host does with a plugin on go-plugin over gRPC. */
export const ourHostGrpcCases: Cases<Lab> = {
  ...ourHostCases,

  async kinds(lab) {
    const { service } = (await lab.shared()).probe;
    assert.deepEqual(await valuesOf(service.count({ value: 4 })), [1, 2, 3, 4]);
    const total = await service.sum(each({ value: 4_000_000_000 }, { value: 4_000_000_000 }));
    assert.equal(total.value, 8_000_000_000n);
    const said = service.chat(each({ value: "one" }, { value: "two" }));
    assert.deepEqual(await valuesOf(said), ["ONE", "TWO"]);
    // The store of go-plugin's own example.
    using folder = scratchFolder();
    const cmd = await lab.command();
    await using client = await PluginClient.launch({ handshake, plugins, cmd, cwd: folder.path });
    const kv = await client.dispense("kv_grpc");
    await kv.put({ key: "key", value: bytes("value") });
    const { value } = await kv.get({ key: "key" });
    assert.equal(Buffer.from(value).toString(), `value\n\nWritten from go-plugin ${lab.release}`);
  },

  async sizes(lab) {
    const { client, echo } = await lab.shared();
    const large = Buffer.alloc(mebibytes4 - 16, 7);
    assert.ok(large.equals(await echo(large)));
    const error = await statusOf(echo(Buffer.alloc(mebibytes4)));
    assert.equal(error.statusName, "RESOURCE_EXHAUSTED");
    await client.ping();
  },

  async errors(lab) {
    const running = await lab.shared();
    const status = await statusOf(running.do("fail 5 no such thing: 100 % ünknown"));
    assert.deepEqual(
      [status.statusName, status.statusMessage],
      ["NOT_FOUND", "no such thing: 100 % ünknown"],
    );
    const plain = await statusOf(running.do("error it broke"));
    assert.deepEqual([plain.statusName, plain.statusMessage], ["UNKNOWN", "it broke"]);
  },

  async metadata(lab) {
    const { service } = (await lab.shared()).probe;
    const seen: Metadata[] = [];
    await service.echo(
      { value: bytes("") },
      {
        metadata: { "echo-name": ["first", "second"], "echo-bytes-bin": Uint8Array.of(0, 255, 7) },
        onHeaders: (headers) => seen.push(headers),
        onTrailers: (trailers) => seen.push(trailers),
      },
    );
    for (const metadata of seen) {
      assert.deepEqual(metadata.getAll("echo-name"), ["first", "second"]);
      assert.deepEqual([...(metadata.getBinary("echo-bytes-bin") ?? [])], [0, 255, 7]);
    }
    assert.equal(seen.length, 2);
  },

  async deadline(lab) {
    const { probe, ...running } = await lab.shared();
    const before = lab.log.entries.length;
    const late = await statusOf(running.do("sleep 60000", { timeoutMs: 200 }));
    assert.equal(late.statusName, "DEADLINE_EXCEEDED");
    // At the deadline the client's cancellation may overtake the handler's own clock.
    const told = (from: number) =>
      lab.log.until((entry) => entry.message === "cancelled" && lab.log.entries.indexOf(entry) >= from);
    const first = await told(before);
    assert.match(String(first.fields["error"]), /^context (deadline exceeded|canceled)$/);
    const after = lab.log.entries.length;
    const controller = new AbortController();
    const call = probe.service.do({ value: "sleep 60000" }, { signal: controller.signal });
    const cancelled = statusOf(call);
    await running.echo(bytes("under way"));
    controller.abort();
    assert.equal((await cancelled).statusName, "CANCELLED");
    assert.equal((await told(after)).fields["error"], "context canceled");
  },

  "service-argument": (lab) => serviceAsArgument(lab, {}),
  "service-result": (lab) => serviceAsResult(lab, {}),
  async bytes(lab) {
    const { probe } = await lab.shared();
    assert.equal(await probe.bytes(long), long);
  },
  mux: (lab) => everythingBrokered(lab, { grpcBrokerMultiplex: true }),
  "auto-mtls-argument": (lab) => serviceAsArgument(lab, { autoMtls: true }),
  "auto-mtls-result": (lab) => serviceAsResult(lab, { autoMtls: true }),
  "auto-mtls-mux": (lab) => everythingBrokered(lab, { autoMtls: true, grpcBrokerMultiplex: true }),

  async "kill-under-call"(lab) {
    const running = await lab.launch();
    const sleeping = statusOf(running.do("sleep 60000"));
    await running.echo(bytes("under way"));
    await running.client.kill();
    assert.equal((await sleeping).statusName, "UNAVAILABLE");
  },
};
