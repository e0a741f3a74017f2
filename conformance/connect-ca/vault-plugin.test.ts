import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { type CertificateRequest, generateKey, parseCertificate } from "@drawbar/x509";
import { type CaProvider, createCsr, launchProvider, type ProviderProcess, type RawConfig } from "connect-ca";
import { contractClusterId as clusterId, providerContract } from "connect-ca/testing";
import { type Fault, faultProxy } from "./fault-proxy.ts";
import { providerProgram } from "./provider-program.ts";
import { assertShowsNone, failureOf } from "./shows-no-secret.ts";
import { suiteVault } from "./suite-vault.ts";

// The Vault provider in a process of its own, in every version and protocol that there is.

const ways = {
  "version 2 over gRPC": { versions: [2], args: [] },
  "version 1 over gRPC": { versions: [1], args: ["--historic-protocol", "grpc"] },
  "version 1 over net/rpc": { versions: [1], args: [] },
} as const;

const vault = suiteVault("1.21.2");
let mounts = 0;

function configOf(changes: RawConfig = {}): RawConfig {
  mounts += 1;
  const paths = { RootPKIPath: `root-${mounts}`, IntermediatePKIPath: `int-${mounts}` };
  return { Address: vault.server.address, Token: vault.server.token, ...paths, ...changes };
}

async function serviceRequest(): Promise<CertificateRequest> {
  const { privateKey } = await generateKey({ type: "ec", curve: "P-256" });
  return await createCsr(privateKey, { uri: `spiffe://${clusterId}.consul/ns/default/dc/dc1/svc/web` });
}

/** A plugin, and all that it wrote. */
interface Recorded {
  readonly process: ProviderProcess;
  readonly stderr: () => string;
}

for (const [name, { versions, args }] of Object.entries(ways)) {
  describe(`the Vault provider as a plugin, ${name}`, () => {
    const free: Recorded[] = [];
    const taken: Recorded[] = [];
    after(async () => {
      const ended = [...free, ...taken];
      await Promise.all(ended.map(({ process }) => process[Symbol.asyncDispose]()));
      for (const { stderr } of ended) assertShowsNone(stderr(), [vault.server.token]);
    });

    /** One that is there for now: as good as new once it is configured with mounts that are not there yet. */
    async function take(): Promise<Recorded> {
      const recorded = free.pop() ?? (await launchRecorded());
      taken.push(recorded);
      return recorded;
    }

    async function launchRecorded(): Promise<Recorded> {
      let text = "";
      const process = await launchProvider({
        cmd: providerProgram("vault", ...args),
        versions,
        pluginLogLevel: "trace",
        stderr: {
          write(bytes) {
            text += Buffer.from(bytes).toString();
          },
        },
      });
      return { process, stderr: () => text };
    }

    async function provider(isPrimary: boolean, changes?: RawConfig): Promise<CaProvider> {
      const { process } = await take();
      const config = configOf(changes);
      await process.provider.configure({ clusterId, datacenter: "dc1", isPrimary, config, state: {} });
      return process.provider;
    }

    for (const { title, run } of providerContract) {
      test(`contract: ${title}`, async () => {
        await run({ provider });
        free.push(...taken.splice(0));
      });
    }

    test("what Vault refuses and what it is not there for crosses with its code, and without the token", async () => {
      const token = "not-a-token-of-this-vault";
      await assert.rejects(provider(true, { Token: token }), (error: Error & { code?: string }) => {
        assert.equal(error.code, "ca-permission-denied");
        assert.ok(!error.message.includes(token));
        return true;
      });
      const refused = { code: "ca-unavailable" };
      await assert.rejects(provider(true, { Address: "http://127.0.0.1:1" }), refused);
      await assert.rejects(provider(true, { Token: "" }), {
        code: "ca-config-invalid",
        message: /^must provide a Vault token or configure a Vault auth method/,
      });
      free.push(...taken.splice(0));
    });

    test("while Vault misbehaves errors cross with their codes, no output shows the token, and the plugin goes on", async () => {
      await using proxy = await faultProxy(vault.server.address);
      const { process: launched, stderr } = await take();
      const ca = launched.provider;
      const config = configOf({ Address: proxy.address });
      await ca.configure({ clusterId, datacenter: "dc1", isPrimary: true, config, state: {} });
      const csr = await serviceRequest();
      await ca.generateCaChain();
      const early = await failureOf(ca.sign(csr), [vault.server.token]);
      assert.equal(early.code, "ca-not-initialized", early.message);
      await ca.generateLeafSigningCert();
      const says = (status: number, error: string): Fault => ({
        kind: "answer",
        status,
        body: JSON.stringify({ errors: [`${error} ${vault.server.token}`] }),
      });
      for (const [fault, code, words] of [
        [says(429, "slow down"), "ca-rate-limited", /^operation rate limited by CA provider: .*slow down/],
        [says(503, "Vault is sealed"), "ca-unavailable", /^error issuing cert: .*Vault is sealed.*unseal it/],
        [says(403, "permission denied"), "ca-permission-denied", /^error issuing cert: .*permission denied/],
        [says(404, "no handler"), "ca-backend-not-mounted", /something is mounted there/],
        [says(500, "broken"), "ca-backend-failed", /broken \[redacted\]$/],
        [
          { kind: "cut-after" },
          "ca-unavailable",
          /Vault may have done it all the same, so it was not sent again/,
        ],
        [
          { kind: "answer", status: 200, body: `<${vault.server.token}` },
          "ca-backend-failed",
          /is this address a Vault\?$/,
        ],
        [{ kind: "endless" }, "ca-backend-failed", /is larger than 4194304 bytes$/],
      ] as const satisfies readonly (readonly [Fault, string, RegExp])[]) {
        const from = proxy.passed.length;
        proxy.fault = () => fault;
        const error = await failureOf(ca.sign(csr), [vault.server.token]);
        assert.equal(error.code, code, error.message);
        assert.match(error.message, words);
        assert.ok(proxy.passed.length - from <= 1, "sent twice");
        proxy.fault = () => undefined;
        parseCertificate(await ca.sign(csr));
      }
      proxy.fault = ({ path }) => (path.includes("/auto-tidy") ? says(403, "permission denied") : undefined);
      await ca.configure({ clusterId, datacenter: "dc1", isPrimary: true, config, state: {} });
      await launched[Symbol.asyncDispose]();
      assert.match(stderr(), /Vault will not remove expired issuers by itself/);
      assertShowsNone(stderr(), [vault.server.token]);
    });

    test("a plugin that is killed while it signs is an error that says so", async () => {
      const { process: launched } = await take();
      const config = configOf();
      const primary = launched.provider;
      await primary.configure({ clusterId, datacenter: "dc1", isPrimary: true, config, state: {} });
      await primary.generateCaChain();
      await primary.generateLeafSigningCert();
      const csr = await serviceRequest();
      const signing = Promise.allSettled(Array.from({ length: 20 }, () => primary.sign(csr)));
      process.kill(launched.client.pid, "SIGKILL");
      const lost = (await signing).filter((result) => result.status === "rejected");
      assert.ok(lost.length > 0);
      for (const { reason } of lost) {
        assert.equal(reason.code, "ca-unavailable");
        assert.match(reason.message, /^the CA provider's plugin was lost during sign: .*SIGKILL/i);
      }
    });
  });
}
