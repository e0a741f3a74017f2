import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import {
  type CertificateRequest,
  parseCertificateRequest,
  parseCertificates,
  verifyChain,
} from "@drawbar/x509";
import { VaultProvider } from "connect-ca";
import { contractClusterId as clusterId } from "connect-ca/testing";
import { type DurableVault, type DurableVersion, startDurableVault } from "./durable-vault.ts";
import { leafRequest } from "./fault-bench.ts";
import { faultProxy } from "./fault-proxy.ts";
import { freePort } from "./free-port.ts";
import { failureOf } from "./shows-no-secret.ts";
import { startVault } from "./vault-server.ts";

// A Vault that crashes in the middle of a rotation. What it had answered is there when it is back; whatever it
// was doing, leafs are signed and verify, by the intermediate of before or the next, and the rotation can be
// asked for again.

/** A call of a rotation that changes something: its method, and where its path ends, or `/issuer/` and its kin. */
interface Step {
  readonly call: string;
  /** Whether the mount cannot sign until the rotation is asked for again. */
  readonly signsNot?: boolean;
}

const isLong = process.env["DRAWBAR_LONG"] === "1";
/** Each costs a restart or two: all of them only where there is time. */
const steps: Readonly<Record<"primary" | "secondary", Readonly<Record<DurableVersion, readonly Step[]>>>> = {
  primary: {
    // A Vault with one CA to a mount throws its key away as soon as the next one is asked for.
    "1.2.4": [
      { call: "PUT /intermediate/generate/internal", signsNot: true },
      ...(isLong ? [{ call: "PUT /root/sign-intermediate", signsNot: true }] : []),
      { call: "PUT /intermediate/set-signed" },
    ],
    "1.21.2": [
      ...(isLong
        ? [{ call: "PUT /intermediate/generate/internal" }, { call: "PUT /root/sign-intermediate" }]
        : []),
      { call: "PUT /intermediate/set-signed" },
      { call: "PUT /config/issuers" },
      { call: "DELETE /issuer/" },
      ...(isLong ? [{ call: "DELETE /key/" }] : []),
    ],
  },
  secondary: {
    "1.2.4": [
      ...(isLong
        ? [
            { call: "PUT /intermediate/generate/internal", signsNot: true },
            { call: "PUT /intermediate/set-signed" },
          ]
        : []),
    ],
    "1.21.2": [
      ...(isLong
        ? [{ call: "PUT /intermediate/generate/internal" }, { call: "PUT /intermediate/set-signed" }]
        : []),
      { call: "PUT /config/issuers" },
    ],
  },
};

async function provider(
  address: string,
  token: string,
  isPrimary: boolean,
  name = "dc1",
): Promise<VaultProvider> {
  const ca = new VaultProvider();
  const config = { Address: address, Token: token, RootPKIPath: "root", IntermediatePKIPath: `int-${name}` };
  await ca.configure({ clusterId, datacenter: name, isPrimary, config, state: {} });
  return ca;
}

async function assertSigns(
  ca: VaultProvider,
  chainPem: string,
  csr: CertificateRequest = leafRequest,
): Promise<void> {
  const [leaf = assert.fail()] = parseCertificates(await ca.sign(csr));
  const intermediates = parseCertificates(await ca.activeLeafSigningCert());
  verifyChain({ leaf, intermediates, anchors: parseCertificates(chainPem), at: new Date() });
}

for (const version of ["1.2.4", "1.21.2"] as const) {
  describe(`Vault ${version} crashes during a rotation`, () => {
    let vault: DurableVault;
    let chain: string;
    let primary: VaultProvider;
    before(async () => {
      vault = await startDurableVault(version, refusesBeforeItHasKeys);
      primary = await provider(vault.address, vault.token, true);
      chain = await primary.generateCaChain();
      await primary.generateLeafSigningCert();
    });
    after(async () => {
      await primary.stop();
      await vault[Symbol.asyncDispose]();
    });

    /** Crashes Vault when it has carried out `step` of a rotation and before it can say so. */
    async function crashDuring(
      { call, signsNot = false }: Step,
      isPrimary: boolean,
      rotate: (ca: VaultProvider) => Promise<unknown>,
    ): Promise<void> {
      await using proxy = await faultProxy(vault.address);
      const ca = await provider(proxy.address, vault.token, isPrimary, isPrimary ? "dc1" : "dc2");
      const [verb = "", end = ""] = call.split(" ");
      let isDown = false;
      proxy.fault = ({ method, path }) => {
        if (isDown) return { kind: "cut-before" };
        if (!`${method} ${path}`.startsWith(`${verb} `) || !path.includes(end)) return undefined;
        isDown = true;
        return { kind: "cut-after", meanwhile: () => vault.kill() };
      };
      assert.equal((await failureOf(rotate(ca), [vault.token])).code, "ca-unavailable");
      assert.ok(isDown);
      await vault.start();
      proxy.fault = () => undefined;
      const sealed = await failureOf(ca.sign(leafRequest), [vault.token]);
      assert.equal(sealed.code, "ca-unavailable");
      assert.match(sealed.message, /sealed.*unseal it/);
      await vault.unseal();
      // The same provider goes on, and the rotation is made up for.
      if (signsNot) assert.equal((await failureOf(ca.sign(leafRequest), [])).code, "ca-not-initialized");
      else await assertSigns(ca, chain);
      const before = await ca.activeLeafSigningCert();
      await rotate(ca);
      assert.notEqual(await ca.activeLeafSigningCert(), before);
      await assertSigns(ca, chain);
      await ca.stop();
    }

    for (const step of steps.primary[version]) {
      test(`in the primary, at ${step.call}: the rotation can be made up for`, async () => {
        await crashDuring(step, true, (ca) => ca.generateLeafSigningCert());
      });
    }

    for (const step of steps.secondary[version]) {
      test(`in a secondary, at ${step.call}: the rotation can be made up for`, async () => {
        const rotate = async (ca: VaultProvider): Promise<void> => {
          const { csrPem, opaque } = await ca.generateIntermediateCsr();
          const signed = await primary.signIntermediate(parseCertificateRequest(csrPem));
          await ca.setIntermediate(signed, chain, opaque);
        };
        const secondary = await provider(vault.address, vault.token, false, "dc2");
        await rotate(secondary);
        await secondary.stop();
        await crashDuring(step, false, rotate);
      });
    }
  });
}

async function refusesBeforeItHasKeys(address: string): Promise<void> {
  const error = await failureOf(provider(address, "no-token-yet", true), ["no-token-yet"]);
  assert.equal(error.code, "ca-unavailable");
  assert.match(error.message, /\(unseal it, and initialise it first if it is new\)$/);
}

test("a Vault that came back without its state is told as one, and the same provider begins anew", async () => {
  const port = await freePort();
  const first = await startVault("1.2.4", port);
  const ca = await provider(first.address, first.token, true);
  const chain = await ca.generateCaChain();
  await ca.generateLeafSigningCert();
  await first[Symbol.asyncDispose]();
  const error = await failureOf(ca.sign(leafRequest), []);
  assert.equal(error.code, "ca-unavailable");
  assert.match(error.message, /\(check that Vault runs, and its address\)$/);
  await using second = await startVault("1.2.4", port);
  assert.equal((await failureOf(ca.sign(leafRequest), [])).code, "ca-backend-not-mounted");
  const config = {
    Address: second.address,
    Token: second.token,
    RootPKIPath: "root",
    IntermediatePKIPath: "int-dc1",
  };
  await ca.configure({ clusterId, datacenter: "dc1", isPrimary: true, config, state: {} });
  const anew = await ca.generateCaChain();
  assert.notEqual(anew, chain);
  await ca.generateLeafSigningCert();
  await assertSigns(ca, anew);
  await ca.stop();
});
