import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { VaultClient, VaultSys } from "connect-ca/vault";
import { peerPath } from "../support/peer-path.ts";
import { freePort } from "./free-port.ts";

/** The Vaults that tests run against: before, at and long after the change of sign-intermediate. */
export const vaultVersions = ["1.1.0", "1.2.4", "1.21.2"] as const;
export type VaultVersion = (typeof vaultVersions)[number];

/** A real Vault in memory, unsealed. Disposing it ends the process. */
export interface VaultServer extends AsyncDisposable {
  readonly version: VaultVersion;
  readonly address: string;
  readonly token: string;
  readonly unsealKey: string;
  /** What it wrote to stderr so far. */
  readonly log: () => string;
  /** A client with the root token; the caller disposes it. */
  client(token?: string): Promise<VaultClient>;
}

interface Started {
  readonly address: string;
  readonly token: string;
  readonly unsealKey: string;
}

/** @param port where it listens; a free one if there is none */
export async function startVault(version: VaultVersion, port?: number): Promise<VaultServer> {
  const program = await peerPath(`vault-${version}`);
  const home = await mkdtemp(join(tmpdir(), "vault-"));
  const child = spawn(program, argumentsFor(version, port ?? (await freePort())), {
    // A dev server leaves its token in the home folder.
    env: { PATH: process.env["PATH"], HOME: home },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const exited = once(child, "exit");
  let log = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    log = (log + text).slice(-64 * 1024);
  });
  const stop = async (): Promise<void> => {
    child.kill("SIGKILL");
    await exited;
    await rm(home, { recursive: true, force: true });
  };
  try {
    const started = await Promise.race([readStart(child), failIfExits(exited, () => log)]);
    const client = (token = started.token) =>
      VaultClient.create({ address: started.address, token, timeoutMs: 30_000 });
    await waitUntilActive(await client());
    return { version, ...started, log: () => log, client, [Symbol.asyncDispose]: stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

// The whole server of 1.2.4 takes options, our own mains an address.
function argumentsFor(version: VaultVersion, port: number): string[] {
  const address = `127.0.0.1:${port}`;
  if (version !== "1.2.4") return [address];
  return ["server", "-dev", "-dev-root-token-id=root", `-dev-listen-address=${address}`];
}

/** Reads stdout until it has told everything, and on so that the pipe never fills. */
function readStart(child: ChildProcess): Promise<Started> {
  return new Promise((resolve) => {
    if (child.stdout === null) return;
    let address = "";
    let unsealKey = "";
    createInterface(child.stdout).on("line", (line) => {
      const own = /^(http:\/\/\S+) (\S+) ([0-9a-f]{64})$/.exec(line);
      if (own) resolve({ address: own[1] ?? "", token: own[2] ?? "", unsealKey: own[3] ?? "" });
      address = /Api Address: (\S+)/.exec(line)?.[1] ?? address;
      unsealKey = /^Unseal Key: (\S+)/.exec(line)?.[1] ?? unsealKey;
      const token = /^Root Token: (\S+)/.exec(line)?.[1];
      if (token !== undefined) resolve({ address, token, unsealKey });
    });
  });
}

async function failIfExits(exited: Promise<unknown[]>, log: () => string): Promise<never> {
  const [code] = await exited;
  throw new Error(`Vault exited with ${code} before it was ready:\n${log()}`);
}

/** Waits until a Vault that is being unsealed answers calls; disposes the client. */
export async function waitUntilActive(client: VaultClient): Promise<void> {
  using disposed = client;
  const sys = new VaultSys(disposed);
  for (let tries = 0; tries < 300; tries++) {
    const health = await sys.health({ timeoutMs: 1_000 }).catch(() => undefined);
    if (health?.initialized && !health.sealed && !health.standby) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("Vault did not become active");
}
