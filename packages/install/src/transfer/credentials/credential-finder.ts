import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Credentials } from "./credentials.ts";
import { type Environment, envToken } from "./env-token.ts";
import { parseNetrc } from "./netrc.ts";

/** Asked for each host before the environment and .netrc are; undefined leaves it to these. */
export type CredentialCallback = (url: URL) => Credentials | undefined | Promise<Credentials | undefined>;

/**
 * Finds what a URL's host is sent: the callback's word, else the environment's, else that of .netrc. The latter two are
 * kept from being read on the way: they go out over TLS, or to this machine, only.
 */
export class CredentialFinder {
  readonly #env: Environment;
  readonly #callback: CredentialCallback | undefined;
  #netrc: Promise<ReadonlyMap<string, Credentials>> | undefined;

  constructor(env: Environment, callback: CredentialCallback | undefined) {
    this.#env = env;
    this.#callback = callback;
  }

  async find(url: URL): Promise<Credentials | undefined> {
    const told = await this.#callback?.(new URL(url));
    if (told !== undefined) return told;
    if (url.protocol !== "https:" && !isLoopback(url.hostname)) return undefined;
    const token = envToken(url.hostname, this.#env);
    if (token !== undefined) return token;
    this.#netrc ??= readNetrc(this.#env);
    return (await this.#netrc).get(url.hostname);
  }
}

/** True for names and addresses of this very machine. */
export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d+){3}$/.test(hostname);
}

async function readNetrc(env: Environment): Promise<ReadonlyMap<string, Credentials>> {
  const home = env["HOME"] ?? env["USERPROFILE"] ?? homedir();
  const file = env["NETRC"] || join(home, process.platform === "win32" ? "_netrc" : ".netrc");
  const text = await readFile(file, "utf8").catch(() => undefined);
  return text === undefined ? new Map() : parseNetrc(text, file);
}
