import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { createCertificate, generateKey, parseCertificate, verifyChain } from "@drawbar/x509";
import { createCsr, type RawConfig } from "connect-ca";
import { contractClusterId as clusterId } from "connect-ca/testing";
import type { Protocol } from "drawbar";
import { peerPath } from "../support/peer-path.ts";
import { ConsulHost } from "./consul-host.ts";
import { providerProgram } from "./provider-program.ts";
import { startVault, type VaultServer } from "./vault-server.ts";

// Consul's own host with a provider of ours, of Consul's, in every pair of a primary and a secondary. What
// one side makes the other has to take: Go parses and checks all of ours.

const signingUri = `spiffe://${clusterId}.consul`;
const serviceUri = `${signingUri}/ns/default/dc/dc2/svc/web`;

let vault: VaultServer;
let mounts = 0;
before(async () => {
  vault = await startVault("1.2.4");
});
after(() => vault[Symbol.asyncDispose]());

interface Provider {
  readonly usesVault: boolean;
  command(protocol: Protocol): Promise<readonly string[]>;
}

const providers: Readonly<Record<string, Provider>> = {
  "our built-in": {
    usesVault: false,
    command: async (protocol) => providerProgram("builtin", "--historic-protocol", protocol),
  },
  "Consul's built-in": {
    usesVault: false,
    command: async (protocol) => [await peerPath("consul-1.6.10", "consul-ca"), "serve", "consul", protocol],
  },
  "our Vault": {
    usesVault: true,
    command: async (protocol) => providerProgram("vault", "--historic-protocol", protocol),
  },
  "Consul's Vault": {
    usesVault: true,
    command: async (protocol) => [await peerPath("consul-1.6.10", "consul-ca"), "serve", "vault", protocol],
  },
};

function configOf({ usesVault }: Provider): RawConfig {
  if (!usesVault) return {};
  mounts += 1;
  const paths = { RootPKIPath: `root-${mounts}`, IntermediatePKIPath: `int-${mounts}` };
  return { Address: vault.address, Token: vault.token, ...paths };
}

async function launch(provider: Provider, protocol: Protocol, isRoot: boolean): Promise<ConsulHost> {
  const host = await ConsulHost.launch(protocol, await provider.command(protocol));
  const config = configOf(provider);
  await host.call({ method: "Configure", cluster_id: clusterId, is_root: isRoot, config });
  return host;
}

for (const protocol of ["netrpc", "grpc"] as const) {
  describe(`below Consul's host, over ${protocol}`, () => {
    // Each provider is launched once in each role, and each primary meets each secondary.
    const launched: Promise<ConsulHost>[] = [];
    after(() => Promise.all(launched.map(async (host) => (await host)[Symbol.asyncDispose]())));
    const inRole = (isRoot: boolean): ReadonlyMap<string, () => Promise<ConsulHost>> =>
      new Map(
        Object.entries(providers).map(([name, provider]) => {
          let host: Promise<ConsulHost> | undefined;
          const once = (): Promise<ConsulHost> => {
            host ??= launch(provider, protocol, isRoot);
            if (!launched.includes(host)) launched.push(host);
            return host;
          };
          return [name, once];
        }),
      );
    const primaries = inRole(true);
    const secondaries = inRole(false);

    for (const [primaryName, primaryOf] of primaries) {
      for (const [secondaryName, secondaryOf] of secondaries) {
        test(`TestVaultProvider_SignIntermediateConsul: primary ${primaryName}, secondary ${secondaryName}`, async () => {
          const primary = await primaryOf();
          await primary.call({ method: "GenerateRoot" });
          const leafCa = await primary.call({ method: "GenerateIntermediate" });
          const rootPem = await primary.call({ method: "ActiveRoot" });
          const root = parseCertificate(rootPem);
          assert.deepEqual(root.subjectAltNames.uris, [signingUri]);
          assert.equal(leafCa === rootPem, !providers[primaryName]?.usesVault);

          const secondary = await secondaryOf();
          const pem = await secondary.call({ method: "GenerateIntermediateCSR" });
          const signed = await primary.call({ method: "SignIntermediate", pem });
          await secondary.call({ method: "SetIntermediate", intermediate_pem: signed, root_pem: rootPem });
          const active = parseCertificate(await secondary.call({ method: "ActiveIntermediate" }));
          assert.deepEqual(active.subjectAltNames.uris, [signingUri]);

          const { privateKey } = await generateKey({ type: "ec", curve: "P-256" });
          const csr = await createCsr(privateKey, { uri: serviceUri });
          const answer = await secondary.call({ method: "Sign", pem: csr.toPem() });
          const leaf = parseCertificate(`${answer.split("-----END")[0]}-----END CERTIFICATE-----\n`);
          assert.deepEqual(leaf.subjectAltNames.uris, [serviceUri]);
          verifyChain({
            leaf,
            intermediates: [active],
            anchors: [root],
            at: new Date(),
            extKeyUsage: ["serverAuth"],
          });
        });
      }
    }

    test("what a provider refuses is told in upstream's words", async () => {
      const primary = await (primaries.get("our built-in") ?? assert.fail())();
      await assert.rejects(
        primary.call({ method: "GenerateIntermediateCSR" }),
        /provider is the root certificate authority, cannot generate an intermediate CSR/,
      );
      const secondary = await (secondaries.get("our built-in") ?? assert.fail())();
      await assert.rejects(
        secondary.call({ method: "GenerateRoot" }),
        /provider is not the root certificate authority/,
      );
      await secondary.call({ method: "GenerateIntermediateCSR" });
      await assert.rejects(
        secondary.call({ method: "SetIntermediate", intermediate_pem: "", root_pem: "" }),
        /error parsing intermediate PEM: no PEM-encoded data found/,
      );
    });

    // Last: it cleans up what the others use.
    for (const name of ["our built-in", "our Vault"]) {
      test(`TestConsulCAProvider_CrossSignCA, Cleanup: ${name}`, async () => {
        const host = await (primaries.get(name) ?? assert.fail())();
        await host.call({ method: "GenerateRoot" });
        const { privateKey: key } = await generateKey({ type: "ec", curve: "P-256" });
        const other = await createCertificate({
          subject: { commonName: "the next root" },
          publicKey: key,
          issuer: { key },
          basicConstraints: { ca: true },
          keyUsage: ["certSign"],
          notBefore: new Date(Date.now() - 60_000),
          notAfter: new Date(Date.now() + 3_600_000),
        });
        const crossed = parseCertificate(await host.call({ method: "CrossSignCA", pem: other.toPem() }));
        const root = parseCertificate(await host.call({ method: "ActiveRoot" }));
        assert.deepEqual(crossed.subject.raw, other.subject.raw);
        verifyChain({ leaf: crossed, anchors: [root], at: new Date() });
        await host.call({ method: "Cleanup" });
      });
    }
  });
}
