import type { RawConfig } from "../../config/config-reader.ts";
import type { VaultAuthMethod } from "../../config/vault-config.ts";
import type { JsonObject, VaultAuth } from "../reply.ts";
import type { VaultClient } from "../vault-client.ts";
import { aliCloudLogin } from "./alicloud-login.ts";
import { awsLogin } from "./aws-login.ts";
import { azureLogin } from "./azure-login.ts";
import { appRoleLogin, jwtLogin, kubernetesLogin } from "./file-logins.ts";
import { gcpLogin } from "./gcp-login.ts";
import { hasAnyParam, textParam } from "./login-params.ts";
import { type LoginSource, loginInvalid, loginOptionInvalid, systemLoginSource } from "./login-source.ts";

/** A login as Vault takes it. */
export interface LoginRequest {
  readonly path: string;
  readonly body: JsonObject;
}

export interface LoginOptions {
  readonly signal?: AbortSignal | undefined;
  /** Default: files, environment and metadata services of this machine. */
  readonly source?: LoginSource | undefined;
}

/** Logs in and gives the token, which the client does not take on by itself. */
export async function login(
  client: VaultClient,
  method: VaultAuthMethod,
  options: LoginOptions = {},
): Promise<VaultAuth> {
  const { path, body } = await loginRequest(method, options);
  const secret = await client.write(path, body, { signal: options.signal, idempotent: true });
  if (!secret?.auth?.clientToken) throw loginInvalid("login response did not return client token");
  return secret.auth;
}

/**
 * What a method sends where. Where the operator's parameters already are what Vault's login takes, they
 * are sent as they stand; else they say where to get it from.
 */
export async function loginRequest(
  method: VaultAuthMethod,
  { signal, source = systemLoginSource }: LoginOptions = {},
): Promise<LoginRequest> {
  const path = `auth/${method.mountPath || method.type}/login${pathSuffix(method)}`;
  const derived = derivedLogins.get(method.type);
  if (derived === undefined || hasAnyParam(method.params, ...derived.raw))
    return { path, body: method.params };
  return { path, body: await derived.derive(method.params, source, signal) };
}

interface DerivedLogin {
  /** The parameters by which a login that was written out in full is known. */
  readonly raw: readonly string[];
  derive(params: RawConfig, source: LoginSource, signal?: AbortSignal): JsonObject | Promise<JsonObject>;
}

const derivedLogins: ReadonlyMap<string, DerivedLogin> = new Map<string, DerivedLogin>([
  ["alicloud", { raw: ["identity_request_url", "identity_request_headers"], derive: aliCloudLogin }],
  ["approle", { raw: ["role_id", "secret_id"], derive: appRoleLogin }],
  ["aws", { raw: ["identity", "pkcs7", "iam_http_request_method"], derive: awsLogin }],
  [
    "azure",
    { raw: ["vm_name", "vmss_name", "resource_group_name", "subscription_id", "jwt"], derive: azureLogin },
  ],
  ["gcp", { raw: ["jwt"], derive: gcpLogin }],
  ["jwt", { raw: ["jwt"], derive: jwtLogin }],
  ["kubernetes", { raw: ["jwt"], derive: kubernetesLogin }],
]);

/** What stands behind `/login` in a method's path. Refuses methods that there are not. */
function pathSuffix({ type, params }: VaultAuthMethod): string {
  switch (type) {
    case "ldap":
    case "userpass":
    case "okta":
    case "radius":
      return `/${nameFor(params, "username")}`;
    case "oci":
      return `/${nameFor(params, "role")}`;
    case "token":
      throw loginOptionInvalid(
        "'token' auth method is not supported via auth method configuration: use Token",
      );
    case "cert":
    case "cf":
    case "github":
    case "kerberos":
      return "";
    default:
      if (derivedLogins.has(type)) return "";
      throw loginOptionInvalid(`auth method "${type}" is not supported`);
  }
}

function nameFor(params: RawConfig, name: string): string {
  const value = textParam(params, name);
  if (value === "" || value.includes("/")) {
    throw loginOptionInvalid(`failed to get '${name}' from auth method params`);
  }
  return value;
}
