import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { createCertificate, generateKey, parseCertificateRequest } from "@drawbar/x509";
import { createCsr } from "connect-ca";
import type { Protocol } from "drawbar";
import { peerPath } from "../support/peer-path.ts";
import type { ConsulCall } from "./consul-host.ts";
import { type HistoricHost, historicHosts } from "./historic-host.ts";

// The cases of Consul's plugin_test.go, for every pair of a host and a plugin, each of Go and of ours.

const cannedPlugin = fileURLToPath(new URL("./bundle/canned-plugin", import.meta.url));

const plugins: Readonly<Record<string, (protocol: Protocol) => Promise<[string, ...string[]]>>> = {
  "Consul's": async (protocol) => [await peerPath("consul-1.6.10", "consul-ca"), "serve", "canned", protocol],
  our: async (protocol) => [process.execPath, cannedPlugin, protocol],
};

const { privateKey: key } = await generateKey({ type: "ec", curve: "P-256" });
const csr = await createCsr(key, { uri: "spiffe://11111111-2222-3333-4444-555555555555.consul" });
const certificate = await createCertificate({
  publicKey: key,
  issuer: { key },
  subject: { commonName: "hello" },
  notBefore: new Date("2026-01-01T00:00:00Z"),
  notAfter: new Date("2046-01-01T00:00:00Z"),
});

interface Case {
  readonly call: ConsulCall;
  readonly isRoot: boolean;
  /** What comes back when the provider does it. */
  readonly result: string;
}

const cases: readonly Case[] = [
  { call: { method: "GenerateRoot" }, isRoot: true, result: "" },
  { call: { method: "GenerateIntermediateCSR" }, isRoot: false, result: "csr" },
  {
    call: { method: "SetIntermediate", intermediate_pem: "foo", root_pem: "bar" },
    isRoot: false,
    result: "",
  },
  { call: { method: "ActiveIntermediate" }, isRoot: true, result: "intermediate" },
  { call: { method: "GenerateIntermediate" }, isRoot: true, result: "new intermediate" },
  { call: { method: "Sign", pem: csr.toPem() }, isRoot: true, result: base64(csr.raw) },
  { call: { method: "SignIntermediate", pem: csr.toPem() }, isRoot: true, result: base64(csr.raw) },
  {
    call: { method: "CrossSignCA", pem: certificate.toPem() },
    isRoot: true,
    result: base64(certificate.raw),
  },
  { call: { method: "Cleanup" }, isRoot: true, result: "" },
];

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}

function configure(isRoot: boolean, config: Readonly<Record<string, unknown>> = {}): ConsulCall {
  return { method: "Configure", cluster_id: "foo", is_root: isRoot, config };
}

for (const protocol of ["netrpc", "grpc"] as const) {
  for (const [hostName, launch] of Object.entries(historicHosts)) {
    for (const [pluginName, commandOf] of Object.entries(plugins)) {
      describe(`${hostName} host and ${pluginName} plugin over ${protocol}`, () => {
        let host: HistoricHost;
        before(async () => {
          host = await launch(protocol, await commandOf(protocol));
        });
        after(() => host[Symbol.asyncDispose]());

        test("TestProvider_Configure, TestProvider_ActiveRoot: configuration arrives as it was sent", async () => {
          const config = { string: "bar", number: 42.5, yes: true };
          await host.call(configure(true, config));
          const seen: unknown = JSON.parse(await host.call({ method: "ActiveRoot" }));
          assert.deepEqual(seen, { cluster_id: "foo", is_root: true, config });
        });

        test("TestProvider_Configure: an error keeps its words", async () => {
          await assert.rejects(host.call(configure(true, { fail: true })), /hello world/);
        });

        for (const { call, isRoot, result } of cases) {
          test(`TestProvider_${call.method}: what the provider gives comes back`, async () => {
            await host.call(configure(isRoot));
            assert.equal((await host.call(call)).trimEnd(), result);
          });

          test(`TestProvider_${call.method}: an error keeps its words`, async () => {
            await host.call(configure(isRoot));
            await assert.rejects(host.call(configure(isRoot, { fail: true })), /hello world/);
            await assert.rejects(host.call(call), /hello world/);
          });
        }

        test("TestProvider_Sign: the request's signature still verifies where it arrives", async () => {
          await host.call(configure(true));
          const seen = await host.call({ method: "Sign", pem: csr.toPem() });
          parseCertificateRequest(Buffer.from(seen.trimEnd(), "base64")).checkSignature();
        });
      });
    }
  }
}
