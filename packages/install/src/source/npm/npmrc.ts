import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { InstallError } from "../../install-error.ts";
import { Credentials } from "../../transfer/credentials/credentials.ts";
import type { Environment } from "../../transfer/credentials/env-token.ts";
import { parseUrl } from "../../transfer/show-url.ts";

/** What npm's configuration says of registries, and what opens them. */
export class NpmConfig {
  readonly #settings: ReadonlyMap<string, string>;
  readonly #registry: string;

  constructor(settings: ReadonlyMap<string, string>, registry: string | undefined) {
    this.#settings = settings;
    this.#registry = registry ?? settings.get("registry") ?? "https://registry.npmjs.org/";
  }

  /** The registry of a package: that of its scope, if the scope has one. Ends with a slash. */
  registryOf(name: string): URL {
    const scope = name.startsWith("@") ? this.#settings.get(`${name.split("/")[0]}:registry`) : undefined;
    const text = scope ?? this.#registry;
    const url = parseUrl(text.endsWith("/") ? text : `${text}/`);
    if (url === undefined || !/^https?:$/.test(url.protocol))
      throw new InstallError(
        "bad-source",
        `npm's configuration names a registry that is no http: or https: URL`,
      );
    url.username = "";
    url.password = "";
    return url;
  }

  /** What `//HOST/PATH/:_authToken` and its kin say of the longest beginning of a URL. */
  credentialsFor(url: URL): Credentials | undefined {
    const parts = url.pathname.split("/");
    for (let length = parts.length; length > 0; length--) {
      const path = parts.slice(0, length).join("/");
      const found = this.#at(`//${url.host}${path}`) ?? this.#at(`//${url.host}${path}/`);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #at(place: string): Credentials | undefined {
    const get = (name: string): string | undefined => this.#settings.get(`${place}:${name}`);
    const token = get("_authToken");
    if (token) return Credentials.bearer(token);
    const pair = get("_auth");
    if (pair) return basicOf(Buffer.from(pair, "base64").toString("utf8"));
    const [user, password] = [get("username"), get("_password")];
    return user && password
      ? Credentials.basic(user, Buffer.from(password, "base64").toString("utf8"))
      : undefined;
  }
}

function basicOf(pair: string): Credentials {
  const colon = pair.indexOf(":");
  return Credentials.basic(pair.slice(0, colon), pair.slice(colon + 1));
}

/** Reads `.npmrc` of the folder and of the user, and `npm_config_registry`: the first of them that says something counts. */
export async function readNpmConfig(
  cwd: string,
  env: Environment,
  registry: string | undefined,
): Promise<NpmConfig> {
  const home = env["HOME"] ?? env["USERPROFILE"] ?? homedir();
  const user = env["npm_config_userconfig"] ?? env["NPM_CONFIG_USERCONFIG"] ?? join(home, ".npmrc");
  const texts = await Promise.all(
    [user, join(cwd, ".npmrc")].map((file) => readFile(file, "utf8").catch(() => "")),
  );
  const settings = new Map(texts.flatMap((text) => parseNpmrc(text, env)));
  const fromEnv = env["npm_config_registry"] ?? env["NPM_CONFIG_REGISTRY"];
  return new NpmConfig(settings, registry ?? fromEnv);
}

/** `name = value`, one a line; `${NAME}` in a value is taken from the environment. */
export function parseNpmrc(text: string, env: Environment): readonly (readonly [string, string])[] {
  return text.split(/\r?\n/).flatMap((line) => {
    const match = /^\s*([^#;=\s][^=]*?)\s*=\s*(.*?)\s*$/.exec(line);
    if (match?.[1] === undefined) return [];
    const value = (match[2] ?? "").replace(/^(["'])(.*)\1$/, "$2");
    return [
      [match[1], value.replace(/\$\{([^}]+)\}/g, (whole, name: string) => env[name] ?? whole)] as const,
    ];
  });
}
