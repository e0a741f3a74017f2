import type { RawConfig } from "../config/config-reader.ts";
import type { ProviderProcess } from "../plugin/launch-provider.ts";
import type { CaProvider } from "../provider/ca-provider.ts";
import { BuiltinProvider } from "../providers/builtin/builtin-provider.ts";
import { MemoryStore } from "../store/memory-store.ts";
import { readInput } from "./read-input.ts";
import { openChosenStore, type StoreChoice } from "./store-of-options.ts";
import { UsageError } from "./usage-error.ts";

/** Options that choose a provider and configure it, beside those of its store; for node's parseArgs. */
export const providerOptions = {
  config: { type: "string" },
  "cluster-id": { type: "string", default: "11111111-2222-3333-4444-555555555555" },
  datacenter: { type: "string", default: "dc1" },
  secondary: { type: "boolean", default: false },
} as const;

export interface ProviderChoice extends StoreChoice {
  /** JSON, or the name of a file with JSON behind an @. */
  readonly config?: string | undefined;
  readonly "cluster-id": string;
  readonly datacenter: string;
  readonly secondary: boolean;
}

/** What a provider is opened by. */
export interface ProviderInput {
  readonly choice: ProviderChoice;
  /** The plugin to start; empty for the built-in provider in this process. */
  readonly plugin: readonly string[];
  readonly warn: (text: string) => void;
}

export const providerUsage = `  -- COMMAND [ARG…]         the provider: a plugin of any version, Consul 1.6's too; without one it is
                            the built-in provider in this process
  --config JSON|@FILE       its configuration, such as '{"LeafCertTTL": "24h"}'
  --cluster-id UUID         the mesh (11111111-2222-3333-4444-555555555555)
  --datacenter NAME         (dc1)
  --secondary               this is not the datacenter with the root
`;

/** A configured provider, and what it runs in. */
export interface OpenProvider extends AsyncDisposable {
  readonly provider: CaProvider;
  /** Undefined for one in this process. */
  readonly process: ProviderProcess["client"] | undefined;
}

export async function openProvider(input: ProviderInput): Promise<OpenProvider> {
  const { choice } = input;
  const opened = await open(input);
  try {
    const { datacenter, secondary } = choice;
    const clusterId = clusterIdOf(choice);
    const config = await readConfig(choice.config ?? "{}");
    await opened.provider.configure({ clusterId, datacenter, isPrimary: !secondary, config, state: {} });
    return opened;
  } catch (error) {
    await opened[Symbol.asyncDispose]();
    throw error;
  }
}

/** Checked, because it becomes part of a host name. Throws UsageError. */
export function clusterIdOf({ "cluster-id": id }: Pick<ProviderChoice, "cluster-id">): string {
  if (/^[0-9a-z-]{1,63}$/i.test(id)) return id;
  throw new UsageError(`--cluster-id ${id} is no UUID`);
}

async function open({ choice, plugin, warn }: ProviderInput): Promise<OpenProvider> {
  const [program, ...args] = plugin;
  if (program === undefined) {
    const store = await openChosenStore(choice, process.env);
    if (store instanceof MemoryStore) warn("no --state: this CA ends with this command");
    const dispose = (): PromiseLike<void> => store[Symbol.asyncDispose]();
    return { provider: new BuiltinProvider({ store }), process: undefined, [Symbol.asyncDispose]: dispose };
  }
  // Most command lines start no plugin, and what starts one takes longer to load than they to run.
  const [{ consoleLogger }, { launchProvider }] = await Promise.all([
    import("drawbar"),
    import("../plugin/launch-provider.ts"),
  ]);
  const launched = await launchProvider({
    cmd: [program, ...args],
    logger: consoleLogger({ level: "warn" }),
  });
  const { provider, client } = launched;
  return { provider, process: client, [Symbol.asyncDispose]: () => launched[Symbol.asyncDispose]() };
}

async function readConfig(text: string): Promise<RawConfig> {
  const json = text.startsWith("@") ? await readInput("configuration", text.slice(1)) : text;
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    // Not quoted: there may be a token in it.
    throw new Error("the configuration is not JSON");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new Error("the configuration is not a JSON object");
  }
  return value as RawConfig;
}
