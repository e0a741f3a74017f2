import { createHmac } from "node:crypto";
import type { RawConfig } from "../../config/config-reader.ts";
import type { JsonObject } from "../reply.ts";
import { requiredParam, textParam } from "./login-params.ts";
import { type LoginSource, loginOptionInvalid } from "./login-source.ts";

/**
 * A signed request to Alibaba Cloud for the caller's identity, which Vault sends on to learn who asks.
 * The keys are `access_key`, `secret_key` and `access_token`, or those of the environment
 * (ALICLOUD_ACCESS_KEY and so on).
 */
export function aliCloudLogin(params: RawConfig, source: LoginSource): JsonObject {
  const role = requiredParam(params, "role");
  const region = requiredParam(params, "region");
  const keys = keysOf(params, source);
  const query: Record<string, string> = {
    AccessKeyId: keys.id,
    Action: "GetCallerIdentity",
    Format: "JSON",
    RegionId: region,
    SignatureMethod: "HMAC-SHA1",
    SignatureNonce: source.randomUuid(),
    SignatureType: "",
    SignatureVersion: "1.0",
    Timestamp: source
      .now()
      .toISOString()
      .replace(/\.\d{3}/, ""),
    Version: "2015-04-01",
    ...(keys.token === "" ? {} : { SecurityToken: keys.token }),
  };
  const names = Object.keys(query).sort();
  const canonical = names.map((name) => `${encode(name)}=${encode(query[name] ?? "")}`).join("&");
  const signature = createHmac("sha1", `${keys.secret}&`)
    .update(`GET&${encode("/")}&${encode(canonical)}`)
    .digest("base64");
  const url = `https://sts.${region}.aliyuncs.com/?${canonical}&Signature=${encode(signature)}`;
  return {
    role,
    identity_request_url: Buffer.from(url).toString("base64"),
    identity_request_headers: Buffer.from("{}").toString("base64"),
  };
}

interface AliCloudKeys {
  readonly id: string;
  readonly secret: string;
  readonly token: string;
}

function keysOf(params: RawConfig, { environment }: LoginSource): AliCloudKeys {
  const given = textParam(params, "access_key") !== "";
  const pick = (name: string, variable: string): string =>
    given ? textParam(params, name) : (environment[variable] ?? "");
  const id = pick("access_key", "ALICLOUD_ACCESS_KEY");
  const secret = pick("secret_key", "ALICLOUD_SECRET_KEY");
  if (id !== "" && secret !== "")
    return { id, secret, token: pick("access_token", "ALICLOUD_SECURITY_TOKEN") };
  throw loginOptionInvalid(
    "no Alibaba Cloud keys: set access_key and secret_key, or ALICLOUD_ACCESS_KEY and ALICLOUD_SECRET_KEY",
  );
}

/** Percent encoding as RFC 3986 has it, which also escapes what encodeURIComponent leaves alone. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
