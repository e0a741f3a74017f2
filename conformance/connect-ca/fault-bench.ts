import assert from "node:assert/strict";
import { inspect } from "node:util";
import { createCertificate, generateKey, parseCertificate } from "@drawbar/x509";
import { createCsr, type RawConfig, VaultProvider } from "connect-ca";
import { contractClusterId as clusterId } from "connect-ca/testing";
import { consulRequest } from "./consul-request.ts";
import { type FaultProxy, faultProxy } from "./fault-proxy.ts";
import { ImpatientClock } from "./impatient-clock.ts";
import { assertShowsNone } from "./shows-no-secret.ts";
import type { SuiteVault } from "./suite-vault.ts";

const signingUri = `spiffe://${clusterId}.consul`;
const { privateKey: key } = await generateKey({ type: "ec", curve: "P-256" });

/** Around now. */
export const validity: { readonly notBefore: Date; readonly notAfter: Date } = {
  notBefore: new Date(Date.now() - 60_000),
  notAfter: new Date(Date.now() + 3_600_000),
};
export const leafRequest = await createCsr(key, { uri: `${signingUri}/ns/default/dc/dc1/svc/web` });
export const caRequest = await consulRequest();
export const otherRoot = await createCertificate({
  ...validity,
  subject: { commonName: "another root" },
  publicKey: key,
  issuer: { key },
  basicConstraints: { ca: true },
  keyUsage: ["certSign"],
});

/** Everything that asks something of Vault. */
export const methods = {
  sign: (ca) => ca.sign(leafRequest),
  signIntermediate: (ca) => ca.signIntermediate(caRequest),
  crossSignCa: (ca) => ca.crossSignCa(otherRoot),
  generateCaChain: (ca) => ca.generateCaChain(),
  activeLeafSigningCert: (ca) => ca.activeLeafSigningCert(),
  generateLeafSigningCert: (ca) => ca.generateLeafSigningCert(),
} as const satisfies Readonly<Record<string, (ca: VaultProvider) => Promise<unknown>>>;

/** What a token of its own may do. */
export const anything = 'path "*" { capabilities = ["create", "read", "update", "delete", "list", "sudo"] }';

/** A primary on a Vault, behind a proxy and with a token of its own. */
export interface FaultBench extends AsyncDisposable {
  readonly ca: VaultProvider;
  readonly clock: ImpatientClock;
  readonly proxy: FaultProxy;
  readonly token: string;
  /** Of its policy; its mounts are `NAME-root` and `NAME-int`. */
  readonly name: string;
  readonly secrets: readonly string[];
  configure(changes?: RawConfig): Promise<void>;
  /** Resolves when the provider logs this. */
  logged(message: string): Promise<void>;
  assertWorks(): Promise<void>;
}

let made = 0;

/** Disposing it looks at all that the provider logged. */
export async function faultBench({ server: vault, client }: SuiteVault): Promise<FaultBench> {
  const name = `bench-${++made}`;
  await client.write(`sys/policy/${name}`, { policy: anything });
  const created = await client.write("auth/token/create", { policies: [name], ttl: "1h" });
  const token = created?.auth?.clientToken ?? assert.fail("no token");
  const secrets = [token, ...(vault.token === "root" ? [] : [vault.token])];
  const proxy = await faultProxy(vault.address);
  const logs = new LogBook();
  const clock = new ImpatientClock();
  const ca = new VaultProvider({ clock, log: logs });
  const bench: FaultBench = {
    ca,
    clock,
    proxy,
    token,
    name,
    secrets,
    async configure(changes = {}) {
      const paths = { RootPKIPath: `${name}-root`, IntermediatePKIPath: `${name}-int` };
      const config = { Address: proxy.address, Token: token, ...paths, ...changes };
      await ca.configure({ clusterId, datacenter: "dc1", isPrimary: true, config, state: {} });
    },
    logged: (message) => logs.next(message),
    async assertWorks() {
      const leaf = parseCertificate(await ca.sign(leafRequest));
      assert.deepEqual(leaf.subjectAltNames.uris, leafRequest.subjectAltNames.uris);
    },
    async [Symbol.asyncDispose]() {
      await ca.stop();
      await proxy[Symbol.asyncDispose]();
      for (const line of logs.lines) assertShowsNone(line, secrets);
    },
  };
  await bench.configure();
  await ca.generateCaChain();
  await ca.generateLeafSigningCert();
  return bench;
}

class LogBook {
  readonly lines: string[] = [];
  readonly #waiting: { readonly message: string; readonly resolve: () => void }[] = [];
  readonly debug = (message: string, fields: unknown): void => this.#note(message, fields);
  readonly info = this.debug;
  readonly warn = this.debug;

  next(message: string): Promise<void> {
    return new Promise((resolve) => void this.#waiting.push({ message, resolve }));
  }

  #note(message: string, fields: unknown): void {
    this.lines.push(`${message} ${inspect(fields, { depth: 20, showHidden: true })}`);
    for (const wait of this.#waiting) if (wait.message === message) wait.resolve();
  }
}
