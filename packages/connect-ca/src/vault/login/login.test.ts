import assert from "node:assert/strict";
import { test } from "node:test";
import type { VaultAuthMethod } from "../../config/vault-config.ts";
import { loginRequest } from "./login.ts";
import type { LoginSource, MetadataRequest } from "./login-source.ts";

const method = (type: string, params = {}, mountPath = ""): VaultAuthMethod => ({ type, mountPath, params });

interface Asked extends MetadataRequest {
  readonly url: string;
}

function sourceOf(
  files: Record<string, string> = {},
  answers: Record<string, string> = {},
  environment: Record<string, string> = {},
): LoginSource & { asked: Asked[] } {
  const asked: Asked[] = [];
  return {
    asked,
    environment,
    readFile: async (path) => files[path] ?? assert.fail(`read ${path}`),
    fetchText: async (url, request) => {
      asked.push({ url, ...request });
      const found = Object.keys(answers).find((start) => url.startsWith(start));
      return answers[found ?? ""] ?? assert.fail(`fetched ${url}`);
    },
    now: () => new Date("2026-01-02T03:04:05.678Z"),
    randomUuid: () => "00000000-0000-4000-8000-000000000000",
  };
}

const fromBase64 = (value: unknown): string => Buffer.from(String(value), "base64").toString();

test("TestVaultCAProvider_configureVaultAuthMethod: each method logs in at its path, under its mount if it has one", async () => {
  const cases: [VaultAuthMethod, string][] = [
    [method("approle", { role_id: "r" }), "auth/approle/login"],
    [method("approle", { role_id: "r" }, "other"), "auth/other/login"],
    [method("userpass", { username: "jo", password: "p" }), "auth/userpass/login/jo"],
    [method("ldap", { username: "jo" }, "corp"), "auth/corp/login/jo"],
    [method("okta", { username: "jo" }), "auth/okta/login/jo"],
    [method("radius", { username: "jo" }), "auth/radius/login/jo"],
    [method("oci", { role: "r" }), "auth/oci/login/r"],
    [method("cert"), "auth/cert/login"],
    [method("cf"), "auth/cf/login"],
    [method("github", { token: "t" }), "auth/github/login"],
    [method("kerberos"), "auth/kerberos/login"],
  ];
  for (const [wanted, path] of cases) {
    assert.deepEqual(await loginRequest(wanted, { source: sourceOf() }), { path, body: wanted.params });
  }
});

test("TestVaultCAProvider_configureVaultAuthMethod: methods that there are not, and parameters that are missing, are refused in upstream's words", async () => {
  const cases: [VaultAuthMethod, RegExp][] = [
    [method("magic"), /^auth method "magic" is not supported$/],
    [method("constructor"), /^auth method "constructor" is not supported$/],
    [method("token"), /^'token' auth method is not supported via auth method configuration/],
    [method("userpass", { password: "p" }), /^failed to get 'username' from auth method params$/],
    [method("userpass", { username: "../../sys/seal" }), /^failed to get 'username'/],
    [method("oci"), /^failed to get 'role' from auth method params$/],
    [method("approle", { secret_id_file_path: "s" }), /^missing 'role_id_file_path' value$/],
    [method("jwt", { path: "p" }), /^missing 'role' value$/],
    [method("jwt", { role: "r" }), /^missing 'path' value$/],
    [method("kubernetes"), /^missing 'role' value$/],
    [method("azure", { role: "r" }), /^missing 'resource' value$/],
    [method("gcp", { role: "r", type: "x" }), /type' is x; expected gce or iam$/],
    [method("aws", { role: "r" }), /^no AWS keys: /],
    [method("alicloud", { role: "r", region: "x" }), /^no Alibaba Cloud keys: /],
  ];
  for (const [wanted, message] of cases) {
    await assert.rejects(loginRequest(wanted, { source: sourceOf() }), {
      code: "vault-option-invalid",
      message,
    });
  }
});

test("TestVaultCAProvider_AppRoleAuthClient: AppRole reads its ids from files; the secret id may be missing", async () => {
  const source = sourceOf({ role: "role-id", secret: "secret-id" });
  const params = { role_id_file_path: "role" };
  assert.deepEqual((await loginRequest(method("approle", params), { source })).body, { role_id: "role-id" });
  const both = { ...params, secret_id_file_path: "secret" };
  assert.deepEqual((await loginRequest(method("approle", both), { source })).body, {
    role_id: "role-id",
    secret_id: "secret-id",
  });
});

test("TestVaultCAProvider_JwtAuthClient, TestVaultCAProvider_K8sAuthClient: JWT and Kubernetes read a token from a file, Kubernetes by default from the pod's", async () => {
  const source = sourceOf({
    "/jwt": "ey.jwt",
    "/var/run/secrets/kubernetes.io/serviceaccount/token": "ey.pod",
  });
  const jwt = await loginRequest(method("jwt", { role: "r", path: "/jwt" }), { source });
  assert.deepEqual(jwt.body, { role: "r", jwt: "ey.jwt" });
  const pod = await loginRequest(method("kubernetes", { role: "r" }), { source });
  assert.deepEqual(pod.body, { role: "r", jwt: "ey.pod" });
  const other = await loginRequest(method("kubernetes", { role: "r", token_path: "/jwt" }), { source });
  assert.deepEqual(other.body, { role: "r", jwt: "ey.jwt" });
});

test("a login that the operator wrote out is sent as it stands", async () => {
  for (const [type, params] of [
    ["jwt", { role: "r", jwt: "ey" }],
    ["kubernetes", { role: "r", jwt: "ey" }],
    ["gcp", { role: "r", jwt: "ey" }],
    ["azure", { role: "r", jwt: "ey", vm_name: "vm" }],
    ["aws", { role: "r", iam_http_request_method: "POST" }],
    ["alicloud", { role: "r", identity_request_url: "u" }],
  ] as const) {
    assert.deepEqual((await loginRequest(method(type, params), { source: sourceOf() })).body, params);
  }
});

test("TestVaultCAProvider_AzureAuthClient: Azure asks the machine's metadata service for a token of the resource and for the machine", async () => {
  const source = sourceOf(
    {},
    {
      "http://169.254.169.254/metadata/identity/oauth2/token?": '{"access_token":"ey.azure"}',
      "http://169.254.169.254/metadata/instance?":
        '{"compute":{"name":"vm1","vmScaleSetName":"set","subscriptionId":"sub","resourceGroupName":"rg"}}',
    },
  );
  const params = { role: "dev", resource: "https://management.azure.com/" };
  assert.deepEqual((await loginRequest(method("azure", params), { source })).body, {
    role: "dev",
    jwt: "ey.azure",
    vm_name: "vm1",
    vmss_name: "set",
    subscription_id: "sub",
    resource_group_name: "rg",
  });
  assert.equal(
    source.asked[0]?.url,
    "http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https%3A%2F%2Fmanagement.azure.com%2F",
  );
  assert.deepEqual(source.asked[0]?.headers, { Metadata: "true" });
});

test("TestVaultCAProvider_GCPAuthClient: GCP takes the machine's identity, or has Google sign one for a service account", async () => {
  const source = sourceOf(
    {},
    {
      "http://metadata/computeMetadata/v1/instance/service-accounts/default/identity?": "ey.gce",
      "http://metadata/computeMetadata/v1/instance/service-accounts/default/token": '{"access_token":"ya29"}',
      "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/": '{"signedJwt":"ey.iam"}',
    },
  );
  const gce = await loginRequest(method("gcp", { role: "dev" }), { source });
  assert.deepEqual(gce.body, { role: "dev", jwt: "ey.gce" });
  assert.match(source.asked[0]?.url ?? "", /\?audience=http%3A%2F%2Fvault%2Fdev&format=full$/);
  const params = { role: "dev", type: "iam", service_account_email: "a@b.example" };
  const iam = await loginRequest(method("gcp", params), { source });
  assert.deepEqual(iam.body, { role: "dev", jwt: "ey.iam" });
  const signing = source.asked[2];
  assert.equal(signing?.headers["authorization"], "Bearer ya29");
  assert.deepEqual(JSON.parse(JSON.parse(signing?.body ?? "")["payload"]), {
    aud: "http://vault/dev",
    sub: "a@b.example",
    exp: Date.parse("2026-01-02T03:19:05Z") / 1000,
  });
});

test("TestVaultCAProvider_AWSAuthClient, TestVaultCAProvider_AWSLoginDataGenerator: AWS signs a request for the caller's identity with keys from parameters or environment", async () => {
  const params = {
    role: "dev",
    access_key: "AKIDEXAMPLE",
    secret_key: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
    header_value: "vault.example",
  };
  const { body } = await loginRequest(method("aws", params), { source: sourceOf() });
  assert.equal(body["role"], "dev");
  assert.equal(body["iam_http_request_method"], "POST");
  assert.equal(fromBase64(body["iam_request_url"]), "https://sts.amazonaws.com/");
  assert.equal(fromBase64(body["iam_request_body"]), "Action=GetCallerIdentity&Version=2011-06-15");
  const headers = JSON.parse(fromBase64(body["iam_request_headers"])) as Record<string, string[]>;
  assert.deepEqual(headers["X-Amz-Date"], ["20260102T030405Z"]);
  assert.deepEqual(headers["X-Vault-AWS-IAM-Server-ID"], ["vault.example"]);
  assert.match(
    headers["Authorization"]?.[0] ?? "",
    /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/20260102\/us-east-1\/sts\/aws4_request, SignedHeaders=content-length;content-type;host;x-amz-date;x-vault-aws-iam-server-id, Signature=[0-9a-f]{64}$/,
  );
  const fromEnvironment = sourceOf(
    {},
    {},
    {
      AWS_ACCESS_KEY_ID: "AK",
      AWS_SECRET_ACCESS_KEY: "SK",
      AWS_SESSION_TOKEN: "ST",
      AWS_REGION: "eu-west-1",
    },
  );
  const other = await loginRequest(method("aws", { role: "dev" }), { source: fromEnvironment });
  assert.equal(fromBase64(other.body["iam_request_url"]), "https://sts.eu-west-1.amazonaws.com/");
  assert.ok(fromBase64(other.body["iam_request_headers"]).includes('"X-Amz-Security-Token":["ST"]'));
});

test("TestVaultCAProvider_AWSCredentialsConfig: the region is the parameter's, else the environment's, else us-east-1", async () => {
  const keys = { AWS_ACCESS_KEY_ID: "AK", AWS_SECRET_ACCESS_KEY: "SK" };
  const both = { AWS_REGION: "us-west-1", AWS_DEFAULT_REGION: "us-west-2" };
  for (const [params, environment, host] of [
    [{}, {}, "sts.amazonaws.com"],
    [{}, { AWS_REGION: "us-west-1" }, "sts.us-west-1.amazonaws.com"],
    [{}, { AWS_DEFAULT_REGION: "us-west-2" }, "sts.us-west-2.amazonaws.com"],
    [{}, both, "sts.us-west-1.amazonaws.com"],
    [{ region: "eu-north-1" }, both, "sts.eu-north-1.amazonaws.com"],
    [{ sts_endpoint: "https://sts.example" }, both, "sts.example"],
  ] as const) {
    const source = sourceOf({}, {}, { ...keys, ...environment });
    const { body } = await loginRequest(method("aws", params), { source });
    assert.equal(fromBase64(body["iam_request_url"]), `https://${host}/`);
  }
  await assert.rejects(loginRequest(method("aws", { access_key: 7 }), { source: sourceOf() }), {
    code: "vault-option-invalid",
    message: "the auth method's 'access_key' is not text",
  });
});

test("TestVaultCAProvider_AliCloudAuthClient: Alibaba Cloud signs a request for the caller's identity", async () => {
  const params = { role: "dev", region: "us-prod", access_key: "AK", secret_key: "SK" };
  const { body } = await loginRequest(method("alicloud", params), { source: sourceOf() });
  const url = new URL(fromBase64(body["identity_request_url"]));
  assert.equal(url.host, "sts.us-prod.aliyuncs.com");
  assert.equal(url.searchParams.get("Action"), "GetCallerIdentity");
  assert.equal(url.searchParams.get("Timestamp"), "2026-01-02T03:04:05Z");
  assert.match(url.searchParams.get("Signature") ?? "", /^[0-9A-Za-z+/]{27}=$/);
  assert.ok(!url.href.includes("SK"));
});
