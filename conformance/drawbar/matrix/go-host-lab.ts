import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { GoHost, GoHostError } from "../go-host.ts";
import { probePlugin } from "../probe-plugins.ts";
import { scratchFolder } from "../scratch-folder.ts";
import type { Transport } from "./capabilities.ts";

/** A host on one release of go-plugin with our plugin, over one transport. */
export class GoHostLab {
  readonly release: string;
  readonly transport: Transport;
  readonly folder = scratchFolder();
  /** How long a case waits for what a peer may never do. */
  patienceMs = 60_000;
  readonly #shared = new Map<string, Promise<GoHost>>();

  constructor(release: string, transport: Transport) {
    this.release = release;
    this.transport = transport;
  }

  /** A Go host with flags of its own that launches our plugin with arguments of its own. */
  launch(flags: readonly string[] = [], args: readonly string[] = []): Promise<GoHost> {
    return this.launchCommand([...this.plugin, ...args], flags);
  }

  /** A Go host that launches a command; none if its flags say what to attach to. */
  launchCommand(command: readonly string[], flags: readonly string[] = []): Promise<GoHost> {
    return GoHost.launch(this.release, command, this.folder.path, flags, this.transport);
  }

  /** The host that cases share that harm nothing: one for each set of flags. */
  shared(...flags: readonly string[]): Promise<GoHost> {
    return this.sharedCommand(this.plugin, flags);
  }

  /** The same with another plugin. */
  sharedCommand(command: readonly string[], flags: readonly string[] = [], who = ""): Promise<GoHost> {
    const key = JSON.stringify([command, flags, who]);
    const host = this.#shared.get(key) ?? this.launchCommand(command, flags);
    this.#shared.set(key, host);
    return host;
  }

  /** One that two cases share: what the second does to it ends it. */
  untilEnded(): Promise<GoHost> {
    return this.sharedCommand(this.plugin, [], "until ended");
  }

  /** Another, whose plugin is checked by its sum. */
  checked(): Promise<GoHost> {
    const program = this.executable();
    const checksum = createHash("sha256").update(readFileSync(program)).digest("hex");
    return this.sharedCommand([program], ["-checksum", checksum]);
  }

  /** Our plugin, as a command. */
  get plugin(): [string, ...string[]] {
    return [process.execPath, probePlugin(this.transport)];
  }

  /** Our plugin as a program of one file, without arguments. */
  executable(): string {
    const path = join(this.folder.path, "plugin");
    const [node, script] = this.plugin;
    writeFileSync(path, `#!/bin/sh\nexec "${node}" "${script}"\n`, { mode: 0o755 });
    return path;
  }

  async close(): Promise<void> {
    const hosts = await Promise.allSettled(this.#shared.values());
    for (const host of hosts) if (host.status === "fulfilled") await host.value[Symbol.asyncDispose]();
    this.folder[Symbol.dispose]();
  }
}

/** What a Go host's operation fails with. */
export async function failure(work: Promise<unknown>): Promise<GoHostError> {
  const outcome = await work.catch((error: unknown) => ({ error }));
  const error = (outcome as { error?: unknown }).error;
  if (error instanceof GoHostError) return error;
  throw error ?? new Error(`succeeded with ${JSON.stringify(outcome)}`);
}
