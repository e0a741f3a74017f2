import type { RawConfig } from "../../config/config-reader.ts";
import type { JsonObject } from "../reply.ts";
import { requiredParam, textParam } from "./login-params.ts";
import type { LoginSource } from "./login-source.ts";

const kubernetesTokenPath = "/var/run/secrets/kubernetes.io/serviceaccount/token";

/**
 * AppRole with its ids in files. Upstream leaves a newline at the end of the role id's file in place,
 * so that the login fails; both files are trimmed here.
 */
export async function appRoleLogin(params: RawConfig, source: LoginSource): Promise<JsonObject> {
  const roleId = await source.readFile(requiredParam(params, "role_id_file_path"));
  const secretFile = textParam(params, "secret_id_file_path");
  if (secretFile === "") return { role_id: roleId };
  return { role_id: roleId, secret_id: await source.readFile(secretFile) };
}

/** A role and a JWT that something else keeps fresh in a file. */
export async function jwtLogin(params: RawConfig, source: LoginSource): Promise<JsonObject> {
  const role = requiredParam(params, "role");
  return { role, jwt: await source.readFile(requiredParam(params, "path")) };
}

/** A role and the pod's service account. */
export async function kubernetesLogin(params: RawConfig, source: LoginSource): Promise<JsonObject> {
  const role = requiredParam(params, "role");
  const path = textParam(params, "token_path") || kubernetesTokenPath;
  return { role, jwt: await source.readFile(path) };
}
