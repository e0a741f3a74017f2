import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { VaultClient, VaultSys } from "connect-ca/vault";
import { peerPath } from "../support/peer-path.ts";
import { freePort } from "./free-port.ts";
import { waitUntilActive } from "./vault-server.ts";

/** A real Vault whose state outlives its process: it comes back at the same address, sealed. */
export interface DurableVault extends AsyncDisposable {
  readonly address: string;
  readonly token: string;
  /** Ends it as a crash would. */
  kill(): Promise<void>;
  /** Starts it again after `kill`; sealed. */
  start(): Promise<void>;
  unseal(): Promise<void>;
  /** A client with the root token; the caller disposes it. */
  client(): Promise<VaultClient>;
}

export type DurableVersion = "1.2.4" | "1.21.2";

/** @param beforeInit runs while it has no keys yet */
export async function startDurableVault(
  version: DurableVersion,
  beforeInit?: (address: string) => Promise<void>,
): Promise<DurableVault> {
  const home = await mkdtemp(join(tmpdir(), "durable-vault-"));
  const port = await freePort();
  const address = `http://127.0.0.1:${port}`;
  const command = version === "1.2.4" ? await wholeServer(home, port) : await ownServer(home, port);
  const process = new VaultProcess(command, home, address);
  try {
    const printed = await process.start();
    const { token, unsealKey } = printed ?? (await initialise(address, beforeInit));
    const clientOf = (): Promise<VaultClient> => VaultClient.create({ address, token, timeoutMs: 30_000 });
    const vault: DurableVault = {
      address,
      token,
      kill: () => process.kill(),
      start: async () => void (await process.start()),
      async unseal() {
        using client = await clientOf();
        await new VaultSys(client).unseal(unsealKey);
        await waitUntilActive(await clientOf());
      },
      client: clientOf,
      async [Symbol.asyncDispose]() {
        await process.kill();
        await rm(home, { recursive: true, force: true });
      },
    };
    await vault.unseal();
    return vault;
  } catch (error) {
    await process.kill();
    throw error;
  }
}

interface Keys {
  readonly token: string;
  readonly unsealKey: string;
}

async function ownServer(home: string, port: number): Promise<string[]> {
  return [await peerPath("vault-1.21.2"), `127.0.0.1:${port}`, join(home, "state")];
}

async function wholeServer(home: string, port: number): Promise<string[]> {
  const config = join(home, "vault.json");
  await writeFile(
    config,
    JSON.stringify({
      storage: { file: { path: join(home, "state") } },
      listener: { tcp: { address: `127.0.0.1:${port}`, tls_disable: 1 } },
      api_addr: `http://127.0.0.1:${port}`,
      disable_mlock: true,
    }),
  );
  return [await peerPath("vault-1.2.4"), "server", `-config=${config}`];
}

/** One share of one key, for a server that does not do it by itself. */
async function initialise(address: string, before?: (address: string) => Promise<void>): Promise<Keys> {
  await before?.(address);
  using client = await VaultClient.create({ address });
  const body = { secret_shares: 1, secret_threshold: 1 };
  const answer = await client.request({ method: "PUT", path: "sys/init", body });
  const reply = JSON.parse(answer.body.toString()) as { keys_base64: string[]; root_token: string };
  return { token: reply.root_token, unsealKey: reply.keys_base64[0] ?? "" };
}

class VaultProcess {
  readonly #command: readonly string[];
  readonly #home: string;
  readonly #address: string;
  #child: ChildProcess | undefined;

  constructor(command: readonly string[], home: string, address: string) {
    this.#command = command;
    this.#home = home;
    this.#address = address;
  }

  /** The keys that it printed, if it initialised itself. */
  async start(): Promise<Keys | undefined> {
    const [program = "", ...args] = this.#command;
    const child = spawn(program, args, {
      env: { PATH: process.env["PATH"], HOME: this.#home },
      stdio: ["ignore", "pipe", "ignore"],
    });
    this.#child = child;
    let printed = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      printed = (printed + text).slice(0, 16 * 1024);
    });
    await this.#untilItAnswers(child);
    const keys = /^http:\S+ (\S+) ([0-9a-f]{64})$/m.exec(printed);
    return keys === null ? undefined : { token: keys[1] ?? "", unsealKey: keys[2] ?? "" };
  }

  async kill(): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, "exit");
    child.kill("SIGKILL");
    await exited;
  }

  async #untilItAnswers(child: ChildProcess): Promise<void> {
    using client = await VaultClient.create({ address: this.#address });
    const sys = new VaultSys(client);
    for (let tries = 0; tries < 600; tries++) {
      if (child.exitCode !== null) throw new Error(`Vault exited with ${child.exitCode}`);
      if (await sys.health({ timeoutMs: 1_000 }).catch(() => undefined)) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error("Vault did not answer");
  }
}
