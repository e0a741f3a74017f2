import assert from "node:assert/strict";
import type { Cases } from "./capabilities.ts";
import { goHostCases } from "./go-host-cases.ts";
import { failure, type GoHostLab } from "./go-host-lab.ts";

const mebibytes4 = 4 * 1024 * 1024;
const long = "all of it ".repeat(20_000);

const base64 = (text: string): string => Buffer.from(text).toString("base64");

async function serviceAsArgument(lab: GoHostLab, ...flags: string[]): Promise<void> {
  const host = await lab.shared(...flags);
  assert.equal(await host.ask({ op: "call-back", text: "there and back" }), "there and back");
}

async function serviceAsResult(lab: GoHostLab, ...flags: string[]): Promise<void> {
  const host = await lab.shared(...flags);
  assert.equal(await host.ask({ op: "dial-offer", text: "and the other way" }), "and the other way");
}

async function bytes(lab: GoHostLab, ...flags: string[]): Promise<void> {
  assert.equal(await (await lab.shared(...flags)).ask({ op: "bytes", text: long }), long);
}

async function everythingBrokered(lab: GoHostLab, ...flags: string[]): Promise<void> {
  await serviceAsArgument(lab, ...flags);
  await serviceAsResult(lab, ...flags);
  await bytes(lab, ...flags);
}

/** What a host on go-plugin does with our plugin over gRPC. */
export const goHostGrpcCases: Cases<GoHostLab> = {
  ...goHostCases,

  async kinds(lab) {
    const host = await lab.shared();
    assert.equal(await host.ask({ op: "echo", bytes: base64("hello") }), base64("hello"));
    assert.deepEqual(await host.ask({ op: "count", numbers: [5] }), [1, 2, 3, 4, 5]);
    assert.equal(await host.ask({ op: "sum", numbers: [4_000_000_000, 4_000_000_000] }), 8_000_000_000);
    assert.deepEqual(await host.ask({ op: "chat", lines: ["one", "two"] }), ["ONE", "TWO"]);
    await host.ask({ op: "put", text: "key", bytes: base64("value") });
    assert.equal(await host.ask({ op: "get", text: "key" }), base64("value\n\nWritten from drawbar"));
  },

  async concurrent(lab) {
    const host = await lab.shared();
    const slow = host.ask({ op: "do", text: "sleep 100" });
    const values = Array.from({ length: 100 }, (_, index) => base64("x".repeat(1 + index * 500)));
    const echoed = await Promise.all(values.map((value) => host.ask({ op: "echo", bytes: value })));
    assert.deepEqual(echoed, values);
    assert.equal(await slow, "done");
  },

  async sizes(lab) {
    const host = await lab.shared();
    const large = base64("x".repeat(mebibytes4 - 16));
    assert.equal(await host.ask({ op: "echo", bytes: large }), large);
    const error = await failure(host.ask({ op: "echo", bytes: base64("x".repeat(mebibytes4)) }));
    assert.equal(error.status, "ResourceExhausted");
    assert.match(error.message, /maxReceiveMessageBytes/);
    assert.equal(await host.ask({ op: "ping" }), "pong");
  },

  async errors(lab) {
    const host = await lab.shared();
    const status = await failure(host.ask({ op: "do", text: "fail 5 no such thing: 100 % ünknown" }));
    assert.deepEqual(
      [status.status, status.message],
      ["NotFound", "rpc error: code = NotFound desc = no such thing: 100 % ünknown"],
    );
    const plain = await failure(host.ask({ op: "do", text: "error it broke" }));
    assert.deepEqual([plain.status, plain.message], ["Unknown", "rpc error: code = Unknown desc = it broke"]);
  },

  async metadata(lab) {
    const host = await lab.shared();
    const metadata = { "echo-name": "a value", "echo-text-bin": "ünknown", "other-name": "not echoed" };
    const [headers, trailers] = (await host.ask({ op: "echo-metadata", metadata })) as Received[];
    for (const received of [headers, trailers]) {
      assert.deepEqual(received?.["echo-name"], ["a value"]);
      assert.deepEqual(received?.["echo-text-bin"], ["ünknown"]);
      assert.equal(received?.["other-name"], undefined);
    }
  },

  async deadline(lab) {
    const host = await lab.shared();
    await host.ask({ op: "start" });
    const error = await failure(host.ask({ op: "do", text: "sleep 60000", timeoutMs: 200 }));
    assert.equal(error.status, "DeadlineExceeded");
    await host.lineWith('"@message":"cancelled"');
  },

  "service-argument": (lab) => serviceAsArgument(lab),
  "service-result": (lab) => serviceAsResult(lab),
  bytes: (lab) => bytes(lab),
  mux: (lab) => everythingBrokered(lab, "-mux"),

  async "auto-mtls"(lab) {
    const host = await lab.shared("-automtls");
    assert.equal(await host.ask({ op: "ping" }), "pong");
    const big = base64("x".repeat(3_000_000));
    assert.equal(await host.ask({ op: "echo", bytes: big }), big);
    assert.match(
      String(await host.ask({ op: "do", text: "env PLUGIN_CLIENT_CERT" })),
      /^-----BEGIN CERTIFICATE-----\n/,
    );
  },

  "auto-mtls-argument": (lab) => serviceAsArgument(lab, "-automtls"),
  "auto-mtls-result": (lab) => serviceAsResult(lab, "-automtls"),
  "auto-mtls-mux": (lab) => everythingBrokered(lab, "-automtls", "-mux"),
};

type Received = Readonly<Record<string, readonly string[]>>;
