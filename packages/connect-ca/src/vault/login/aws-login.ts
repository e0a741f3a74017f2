import { createHash, createHmac } from "node:crypto";
import type { RawConfig } from "../../config/config-reader.ts";
import type { JsonObject } from "../reply.ts";
import { textParam } from "./login-params.ts";
import { type LoginSource, loginOptionInvalid } from "./login-source.ts";

const body = "Action=GetCallerIdentity&Version=2011-06-15";
const serverIdHeader = "X-Vault-AWS-IAM-Server-ID";

/**
 * A signed request to AWS for the caller's identity, which Vault sends on to learn who asks. The keys are
 * `access_key`, `secret_key` and `session_token`, or those of the environment (AWS_ACCESS_KEY_ID and so
 * on). Keys from profiles, roles and instance metadata are not looked for.
 */
export function awsLogin(params: RawConfig, source: LoginSource): JsonObject {
  const keys = keysOf(params, source);
  const region = regionOf(params, source);
  const endpoint = textParam(params, "sts_endpoint") || stsEndpoint(params, region);
  const url = new URL(endpoint.endsWith("/") ? endpoint : `${endpoint}/`);
  const headers = signedHeaders(url, region, keys, textParam(params, "header_value"), source.now());
  const role = textParam(params, "role");
  return {
    ...(role === "" ? {} : { role }),
    iam_http_request_method: "POST",
    iam_request_url: base64(url.href),
    iam_request_headers: base64(JSON.stringify(headers)),
    iam_request_body: base64(body),
  };
}

function regionOf(params: RawConfig, { environment }: LoginSource): string {
  const given = textParam(params, "region") || environment["AWS_REGION"] || environment["AWS_DEFAULT_REGION"];
  return given || "us-east-1";
}

interface AwsKeys {
  readonly id: string;
  readonly secret: string;
  readonly sessionToken: string;
}

function keysOf(params: RawConfig, { environment }: LoginSource): AwsKeys {
  const given = textParam(params, "access_key") !== "";
  const pick = (name: string, variable: string): string =>
    given ? textParam(params, name) : (environment[variable] ?? "");
  const id = pick("access_key", "AWS_ACCESS_KEY_ID");
  const secret = pick("secret_key", "AWS_SECRET_ACCESS_KEY");
  if (id === "" || secret === "") {
    throw loginOptionInvalid(
      "no AWS keys: set access_key and secret_key, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
    );
  }
  return { id, secret, sessionToken: pick("session_token", "AWS_SESSION_TOKEN") };
}

// The global endpoint signs for us-east-1, unless the operator names a region.
function stsEndpoint(params: RawConfig, region: string): string {
  return textParam(params, "region") === "" && region === "us-east-1"
    ? "https://sts.amazonaws.com"
    : `https://sts.${region}.amazonaws.com`;
}

/** Headers with AWS's signature, version 4, as the lists that Vault expects. */
function signedHeaders(
  url: URL,
  region: string,
  keys: AwsKeys,
  serverId: string,
  now: Date,
): Record<string, string[]> {
  const timestamp = now.toISOString().replace(/[-:]|\.\d{3}/g, "");
  const headers: Record<string, string> = {
    "Content-Length": String(body.length),
    "Content-Type": "application/x-www-form-urlencoded; charset=utf-8",
    Host: url.host,
    "X-Amz-Date": timestamp,
    ...(keys.sessionToken === "" ? {} : { "X-Amz-Security-Token": keys.sessionToken }),
    ...(serverId === "" ? {} : { [serverIdHeader]: serverId }),
  };
  const names = Object.keys(headers).sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1));
  const signed = names.map((name) => name.toLowerCase()).join(";");
  const lines = names.map((name) => `${name.toLowerCase()}:${headers[name]?.trim()}\n`).join("");
  const canonical = ["POST", url.pathname, "", lines, signed, sha256(body)].join("\n");
  const scope = `${timestamp.slice(0, 8)}/${region}/sts/aws4_request`;
  const toSign = ["AWS4-HMAC-SHA256", timestamp, scope, sha256(canonical)].join("\n");
  const key = scope
    .split("/")
    .reduce<string | Buffer>((secret, part) => hmac(secret, part), `AWS4${keys.secret}`);
  const authorization = `AWS4-HMAC-SHA256 Credential=${keys.id}/${scope}, SignedHeaders=${signed}, Signature=${hmac(key, toSign).toString("hex")}`;
  const lists = Object.entries({ ...headers, Authorization: authorization });
  return Object.fromEntries(lists.map(([name, value]) => [name, [value]]));
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}
