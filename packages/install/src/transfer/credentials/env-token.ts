import { Credentials } from "./credentials.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The token that the environment has for a host: `DRAWBAR_TOKEN_registry_example_com`, or Terraform's
 * `TF_TOKEN_registry_example_com`; a hyphen is written `__`, or kept. For GitHub also `GITHUB_TOKEN` and `GH_TOKEN`.
 */
export function envToken(host: string, env: Environment): Credentials | undefined {
  for (const prefix of ["DRAWBAR_TOKEN_", "TF_TOKEN_"]) {
    const name = tokenVariable(prefix, host);
    const token = env[name] || env[prefix + host.replaceAll(".", "_")];
    if (token) return Credentials.bearer(token);
  }
  const isGithub = host === "github.com" || host === "api.github.com";
  const token = isGithub ? env["GITHUB_TOKEN"] || env["GH_TOKEN"] : undefined;
  return token ? Credentials.bearer(token) : undefined;
}

/** The variable that holds a host's token: dots become `_`, hyphens `__`. */
export function tokenVariable(prefix: string, host: string): string {
  return `${prefix}${host.replace(/[[\]]/g, "").replaceAll("-", "__").replace(/[.:]/g, "_")}`;
}
