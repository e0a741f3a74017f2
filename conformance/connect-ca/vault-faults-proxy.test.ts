import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { createCertificate, generateKey, privateKeyToPem } from "@drawbar/x509";
import {
  caRequest,
  type FaultBench,
  faultBench,
  leafRequest,
  methods,
  otherRoot,
  validity,
} from "./fault-bench.ts";
import { type Fault, faultProxy } from "./fault-proxy.ts";
import { failureOf } from "./shows-no-secret.ts";
import { suiteVault } from "./suite-vault.ts";

// What no server can be made to do, with a proxy in front of a real one: each time a clear error, no secret in
// any output, and the same provider goes on afterwards.

describe("the Vault provider behind a proxy that misbehaves", () => {
  const vault = suiteVault("1.21.2");

  const answer = (status: number, body: unknown): Fault => ({
    kind: "answer",
    status,
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  const faults: Readonly<Record<string, (own: FaultBench) => { fault: Fault; code: string; says: RegExp }>> =
    {
      "429": () => ({
        fault: answer(429, { errors: ["slow down"] }),
        code: "ca-rate-limited",
        says: /^operation rate limited by CA provider: Vault answered 429 .*slow down \(ask less often/,
      }),
      "a standby without a leader (503)": () => ({
        fault: answer(503, { errors: ["local node not active but active cluster node not found"] }),
        code: "ca-unavailable",
        says: /Vault answered 503 .*active cluster node not found$/,
      }),
      "a failure (500) that repeats the token": ({ token }) => ({
        fault: answer(500, { errors: [`broken for ${token}`] }),
        code: "ca-backend-failed",
        says: /Vault answered 500 .*broken for \[redacted\]$/,
      }),
      "no connection": () => ({
        fault: { kind: "cut-before" },
        code: "ca-unavailable",
        says: /the connection was lost during /,
      }),
      "an answer that is lost": () => ({
        fault: { kind: "cut-after" },
        code: "ca-unavailable",
        says: /the connection was lost during /,
      }),
      "an answer that is not Vault's": ({ token }) => ({
        fault: answer(200, `<html>${token}`),
        code: "ca-backend-failed",
        says: /is this address a Vault\?$/,
      }),
      "an answer without an end": () => ({
        fault: { kind: "endless" },
        code: "ca-backend-failed",
        says: /is larger than 4194304 bytes$/,
      }),
      "no answer": ({ clock }) => ({
        fault: { kind: "hold", begun: () => clock.expire() },
        code: "ca-unavailable",
        says: /Vault did not answer .* within 60000 ms/,
      }),
    };
  for (const [title, describeFault] of Object.entries(faults)) {
    test(`${title}: each method says so; then the same provider goes on`, async () => {
      await using own = await faultBench(vault);
      const { fault, code, says } = describeFault(own);
      own.proxy.fault = () => fault;
      for (const [name, call] of [
        ...Object.entries(methods),
        ["configure", () => own.configure()] as const,
      ]) {
        const error = await failureOf(call(own.ca), own.secrets);
        assert.equal(error.code, code, `${name}: ${error.message}`);
        assert.match(error.message, says, name);
      }
      own.proxy.fault = () => undefined;
      await own.assertWorks();
      await own.ca.generateLeafSigningCert();
    });
  }

  /** Cuts off the answers to calls of a path, and counts how often they came. */
  async function timesPassed(own: FaultBench, path: string, call: () => Promise<unknown>): Promise<number> {
    const from = own.proxy.passed.length;
    own.proxy.fault = (seen) => (seen.path.endsWith(path) ? { kind: "cut-after" } : undefined);
    await call().catch(() => {});
    own.proxy.fault = () => undefined;
    return own.proxy.passed.slice(from).filter((seen) => seen.endsWith(path)).length;
  }

  test("whatever makes something is sent once, and its error says that it may have been done", async () => {
    await using own = await faultBench(vault);
    const fresh = { RootPKIPath: "once-root", IntermediatePKIPath: "once-int" };
    const calls: [string, () => Promise<unknown>][] = [
      ["/sign/leaf-cert", () => own.ca.sign(leafRequest)],
      ["/root/sign-intermediate", () => own.ca.signIntermediate(caRequest)],
      ["/root/sign-self-issued", () => own.ca.crossSignCa(otherRoot)],
      ["/intermediate/generate/internal", () => own.ca.generateLeafSigningCert()],
      ["sys/mounts/once-int", () => own.configure(fresh)],
      ["sys/mounts/once-root", () => own.configure(fresh).then(() => own.ca.generateCaChain())],
      ["/root/generate/internal", () => own.ca.generateCaChain()],
    ];
    for (const [path, call] of calls) {
      const told = async (): Promise<void> => {
        const error = await failureOf(call(), own.secrets);
        assert.match(error.message, /Vault may have done it all the same, so it was not sent again\)$/, path);
      };
      let toldSo = false;
      assert.equal(await timesPassed(own, path, () => told().then(() => (toldSo = true))), 1, path);
      assert.ok(toldSo, path);
    }
    // The root whose birth was not told of is there, and is used.
    const chain = await own.ca.generateCaChain();
    assert.equal(await own.ca.generateCaChain(), chain);
    await own.ca.generateLeafSigningCert();
    await own.assertWorks();
  });

  test("whatever may be done twice is sent again, three times in all", async () => {
    await using own = await faultBench(vault);
    for (const [path, call] of [
      ["/ca/pem", () => own.ca.activeLeafSigningCert()],
      ["/ca_chain", () => own.ca.generateCaChain()],
      ["/intermediate/set-signed", () => own.ca.generateLeafSigningCert()],
      ["/config/issuers", () => own.ca.generateLeafSigningCert()],
      ["auth/token/lookup-self", () => own.configure()],
      ["/roles/leaf-cert", () => own.configure()],
      ["/tune", () => own.configure()],
      ["/config/auto-tidy", () => own.configure()],
      [`sys/mounts/${own.name}-int`, () => own.ca.cleanup(true, {})],
    ] as const) {
      assert.equal(await timesPassed(own, path, call), 3, path);
    }
  });

  test("a certificate whose installation is told of the second time only is adopted", async () => {
    await using own = await faultBench(vault);
    for (const path of ["/intermediate/set-signed", "/config/issuers"]) {
      const before = await own.ca.activeLeafSigningCert();
      let cut = false;
      own.proxy.fault = (call) => {
        if (cut || call.method !== "PUT" || !call.path.endsWith(path)) return undefined;
        cut = true;
        return { kind: "cut-after" };
      };
      const renewed = await own.ca.generateLeafSigningCert();
      assert.ok(cut);
      assert.notEqual(renewed, before);
      assert.equal(await own.ca.activeLeafSigningCert(), renewed);
    }
    assert.equal((await vault.client.list(`${own.name}-int/issuers`)).length, 2);
    assert.equal((await vault.client.list(`${own.name}-int/keys`)).length, 1);
  });

  test("a request that the root does not sign leaves no key behind, and what cannot be removed no error", async () => {
    await using own = await faultBench(vault);
    own.proxy.fault = ({ path }) =>
      path.endsWith("/root/sign-intermediate") ? answer(403, { errors: ["permission denied"] }) : undefined;
    for (let round = 0; round < 3; round++) {
      const error = await failureOf(own.ca.generateLeafSigningCert(), own.secrets);
      assert.equal(error.code, "ca-permission-denied");
    }
    assert.equal((await vault.client.list(`${own.name}-int/keys`)).length, 1);
    own.proxy.fault = ({ method, path }) =>
      path.includes("/issuer/") && method !== "PUT"
        ? answer(403, { errors: ["permission denied"] })
        : undefined;
    const renewed = await own.ca.generateLeafSigningCert();
    assert.equal(await own.ca.activeLeafSigningCert(), renewed);
  });

  test("slow: a caller that gives up is answered at once, and the provider goes on", async () => {
    await using own = await faultBench(vault);
    const giveUp = new AbortController();
    own.proxy.fault = () => ({ kind: "hold", begun: () => giveUp.abort() });
    const error = await failureOf(own.ca.sign(leafRequest, { signal: giveUp.signal }), own.secrets);
    assert.equal(error.code, "ca-aborted");
    own.proxy.fault = () => undefined;
    await own.assertWorks();
  });

  test("TLS: a certificate of the wrong CA, a wrong name, none of ours: it says so, and what to look at", async () => {
    await using own = await faultBench(vault);
    const folder = await mkdtemp(join(tmpdir(), "vault-tls-"));
    try {
      const { privateKey: key } = await generateKey({ type: "ec", curve: "P-256" });
      const certificate = await createCertificate({
        ...validity,
        publicKey: key,
        issuer: { key },
        subject: { commonName: "vault" },
        subjectAltNames: { dnsNames: ["vault.example"] },
        basicConstraints: { ca: true },
      });
      const caFile = join(folder, "ca.pem");
      await writeFile(caFile, certificate.toPem());
      await writeFile(join(folder, "other.pem"), otherRoot.toPem());
      await using proxy = await faultProxy(vault.server.address, {
        key: privateKeyToPem(key),
        cert: certificate.toPem(),
      });
      const Address = proxy.address;
      for (const wrong of [
        { Address },
        { Address, CAFile: join(folder, "other.pem"), TLSServerName: "vault.example" },
        { Address, CAFile: caFile, TLSServerName: "other.example" },
      ]) {
        const error = await failureOf(own.configure(wrong), own.secrets);
        assert.equal(error.code, "ca-backend-failed");
        assert.match(
          error.message,
          /no trusted TLS connection for .*\(check CAFile, TLSServerName and CertFile\)$/,
        );
      }
      assert.deepEqual(proxy.passed, []);
      const missing = await failureOf(own.configure({ Address, CAFile: join(folder, "none") }), own.secrets);
      assert.equal(missing.code, "ca-config-invalid");
      assert.match(missing.message, /^could not configure the Vault client: CAFile .*none cannot be read/);
      await own.assertWorks();
      await own.configure({ Address, CAFile: caFile, TLSServerName: "vault.example" });
      await own.assertWorks();
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test("what only another configuration can mend is told as one", async () => {
    await using own = await faultBench(vault);
    for (const [changes, says] of [
      [{ Address: "vault:8200" }, /Vault address "vault:8200" has the scheme vault:/],
      [{ Namespace: "team\n" }, /namespace has characters/],
      [{ Token: "two words" }, /token has characters/],
      [{ Token: "", AuthMethod: { Type: "jwt", Params: { role: "r" } } }, /missing 'path' value/],
      [{ Token: "", AuthMethod: { Type: "magic" } }, /auth method "magic" is not supported/],
    ] as const) {
      const error = await failureOf(own.configure(changes), [...own.secrets, "two words"]);
      assert.equal(error.code, "ca-config-invalid", error.message);
      assert.match(error.message, says);
    }
    await own.assertWorks();
  });
});
