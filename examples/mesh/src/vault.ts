import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { accessSync, constants } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { basename, delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import { VaultClient, VaultSys } from "connect-ca/vault";
import type { Cleanup } from "./cleanup.ts";

/** A Vault to keep keys in. */
export interface Vault {
  readonly address: string;
  readonly token: string;
  /** Where it comes from, for people. */
  readonly origin: string;
}

/**
 * The Vault of `CA_VAULT_ADDR` and `CA_VAULT_TOKEN`; or one started for this run from the program that
 * `VAULT_BIN` names, else from `vault` on the PATH. Undefined if there is none, or `VAULT_BIN` is empty.
 */
export async function findVault(cleanup: Cleanup): Promise<Vault | undefined> {
  const { CA_VAULT_ADDR: address = "", CA_VAULT_TOKEN: token = "", VAULT_BIN: named } = process.env;
  if (address !== "") return { address, token, origin: "that of CA_VAULT_ADDR" };
  const program = named ?? onPath("vault");
  return program === undefined || program === "" ? undefined : await startVault(program, cleanup);
}

/** Undoes what a provider made at a Vault and leaves to its operators: the root's mount. */
export async function unmount(vault: Vault, path: string): Promise<void> {
  using client = await VaultClient.create(vault);
  await new VaultSys(client).unmount(path);
}

async function startVault(program: string, cleanup: Cleanup): Promise<Vault> {
  // A dev server leaves its token in the home folder: it gets one of its own.
  const home = await mkdtemp(join(tmpdir(), "mesh-vault-"));
  await cleanup.keep(home, (path) => rm(path, { recursive: true, force: true }));
  const child = spawn(program, await argumentsFor(program), {
    env: { PATH: process.env["PATH"], HOME: home },
    stdio: ["ignore", "pipe", "ignore"],
  });
  const gone = once(child, "exit");
  await cleanup.keep(child, async () => {
    child.kill("SIGKILL");
    await gone;
  });
  const started = await Promise.race([
    readStart(child),
    gone.then(([code]) => {
      throw new Error(`${program} ended with ${code} before it served`);
    }),
  ]);
  const vault = { ...started, origin: `started for this run as process ${child.pid}, in memory` };
  await untilActive(vault);
  return vault;
}

// The repository's tests build a small server from Vault's packages, which needs no arguments.
async function argumentsFor(program: string): Promise<string[]> {
  if (!/^vault(\.exe)?$/.test(basename(program))) return [];
  return ["server", "-dev", "-dev-root-token-id=root", `-dev-listen-address=127.0.0.1:${await freePort()}`];
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** Reads stdout until it has told address and token, and on so that the pipe never fills. */
function readStart({ stdout }: ChildProcess): Promise<Pick<Vault, "address" | "token">> {
  return new Promise((resolve) => {
    if (stdout === null) return;
    let address = "";
    createInterface(stdout).on("line", (line) => {
      const [, own, token] = /^(http:\/\/\S+) (\S+) [0-9a-f]+$/.exec(line) ?? [];
      if (own !== undefined && token !== undefined) resolve({ address: own, token });
      address = /Api Address: (\S+)/.exec(line)?.[1] ?? address;
      const root = /^Root Token: (\S+)/.exec(line)?.[1];
      if (root !== undefined) resolve({ address, token: root });
    });
  });
}

async function untilActive(vault: Vault): Promise<void> {
  using client = await VaultClient.create(vault);
  const sys = new VaultSys(client);
  for (let tries = 0; tries < 300; tries++) {
    const health = await sys.health({ timeoutMs: 1_000 }).catch(() => undefined);
    if (health?.initialized === true && !health.sealed && !health.standby) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("Vault was started and did not become active");
}

function onPath(program: string): string | undefined {
  const paths = (process.env["PATH"] ?? "").split(delimiter).map((folder) => join(folder, program));
  return paths.find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
