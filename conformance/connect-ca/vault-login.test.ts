import assert from "node:assert/strict";
import { createSign, generateKeyPairSync, type KeyObject } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { silentLog, VaultProvider } from "connect-ca";
import { login, lookUpToken, type VaultAuth } from "connect-ca/vault";
import { appRole } from "./app-role.ts";
import { type FakeKubernetes, fakeKubernetes } from "./fake-kubernetes.ts";
import { suiteVault } from "./suite-vault.ts";

const serviceAccount = { name: "consul", namespace: "mesh", uid: "7f1c2a34-0000-4000-8000-000000000001" };

/** A signed token with these claims, good for ten minutes. */
function jsonWebToken(key: KeyObject, algorithm: "ES256" | "RS256", claims: object): string {
  const now = Math.floor(Date.now() / 1000);
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const body = { iat: now, nbf: now, exp: now + 600, ...claims };
  const signed = `${encode({ alg: algorithm, typ: "JWT" })}.${encode(body)}`;
  const signature = createSign("sha256").update(signed).sign({ key, dsaEncoding: "ieee-p1363" });
  return `${signed}.${signature.toString("base64url")}`;
}

// One for both versions: keys of RSA, as clusters have them, take long to make.
const cluster = generateKeyPairSync("rsa", { modulusLength: 2048 });
const podToken = jsonWebToken(cluster.privateKey, "RS256", {
  iss: "kubernetes/serviceaccount",
  sub: `system:serviceaccount:${serviceAccount.namespace}:${serviceAccount.name}`,
  "kubernetes.io/serviceaccount/namespace": serviceAccount.namespace,
  "kubernetes.io/serviceaccount/service-account.name": serviceAccount.name,
  "kubernetes.io/serviceaccount/service-account.uid": serviceAccount.uid,
  "kubernetes.io/serviceaccount/secret.name": "consul-token",
});

// 1.1.0 is built without these two methods: they are plugins of their own.
for (const version of ["1.2.4", "1.21.2"] as const) {
  describe(`logging in to Vault ${version}`, () => {
    const vault = suiteVault(version);
    let folder: string;
    let kubernetes: FakeKubernetes;
    const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    before(async () => {
      kubernetes = await fakeKubernetes({ ...serviceAccount, token: podToken });
      folder = await mkdtemp(join(tmpdir(), "vault-login-"));
    });
    after(async () => {
      await kubernetes[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    });

    async function enable(type: string, path = type): Promise<void> {
      await vault.client.request({ method: "POST", path: `sys/auth/${path}`, body: { type } });
    }

    async function logIn(type: string, params: object, mountPath = ""): Promise<VaultAuth> {
      using anonymous = await vault.server.client("");
      const auth = await login(anonymous, { type, mountPath, params: { ...params } });
      anonymous.setToken(auth.clientToken);
      assert.ok((await lookUpToken(anonymous)).ttlSeconds > 0);
      return auth;
    }

    test("JWT: a token from a file, under a mount of another name", async () => {
      await enable("jwt", "corp");
      const pem = publicKey.export({ type: "spki", format: "pem" }).toString();
      await vault.client.write("auth/corp/config", { jwt_validation_pubkeys: [pem] });
      await vault.client.write("auth/corp/role/consul", {
        role_type: "jwt",
        user_claim: "sub",
        bound_audiences: ["vault"],
        policies: ["default"],
        ttl: "1h",
      });
      const path = join(folder, "jwt");
      await writeFile(path, `${jsonWebToken(privateKey, "ES256", { aud: "vault", sub: "mesh" })}\n`);
      assert.ok((await logIn("jwt", { role: "consul", path }, "corp")).renewable);
      await writeFile(path, jsonWebToken(privateKey, "ES256", { aud: "other", sub: "mesh" }));
      await assert.rejects(logIn("jwt", { role: "consul", path }, "corp"), {
        code: "vault-request-refused",
        message: /audience/,
      });
    });

    test("Kubernetes: a pod's service account, which Vault asks the cluster about", async () => {
      await enable("kubernetes");
      await vault.client.write("auth/kubernetes/config", {
        kubernetes_host: kubernetes.address,
        kubernetes_ca_cert: "",
        pem_keys: [cluster.publicKey.export({ type: "spki", format: "pem" }).toString()],
        disable_local_ca_jwt: true,
        disable_iss_validation: true,
        token_reviewer_jwt: podToken,
      });
      await vault.client.write("auth/kubernetes/role/consul", {
        bound_service_account_names: [serviceAccount.name],
        bound_service_account_namespaces: [serviceAccount.namespace],
        policies: ["default"],
        ttl: "1h",
      });
      const path = join(folder, "pod");
      await writeFile(path, podToken);
      assert.ok((await logIn("kubernetes", { role: "consul", token_path: path })).renewable);
    });

    test("TestVaultProvider_RotateAuthMethodToken: a token at its maximum is replaced by another login, and the provider goes on", async () => {
      await enable("approle");
      await vault.client.write("sys/policy/all", {
        policy: 'path "*" { capabilities = ["create", "read", "update", "delete", "list", "sudo"] }',
      });
      const settings = { policies: ["all"], token_ttl: "2s", token_max_ttl: "2s" };
      const params = await appRole(vault.client, "short", settings);
      let isAgain = (): void => {};
      const again = new Promise<void>((resolve) => {
        isAgain = resolve;
      });
      const info = (message: string): void => {
        if (message === "logged in to Vault again") isAgain();
      };
      const provider = new VaultProvider({ log: { ...silentLog, info } });
      await provider.configure({
        clusterId: "11111111-2222-3333-4444-555555555555",
        datacenter: "dc1",
        isPrimary: true,
        state: {},
        config: {
          Address: vault.server.address,
          AuthMethod: { Type: "approle", Params: params },
          RootPKIPath: "root",
          IntermediatePKIPath: "int",
        },
      });
      await again;
      await provider.generateCaChain();
      assert.notEqual(await provider.generateLeafSigningCert(), "");
      await provider.stop();
    });
  });
}
