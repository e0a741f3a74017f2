import { coreProtocolVersion, PluginConfigError, type Protocol, type StatedPlugin } from "drawbar";
import { CommandError } from "../command-error.ts";
import type { Target } from "../target/open-target.ts";
import { reflectionClient } from "./reflection-client.ts";
import { reflectedSchema, serviceNames, showMethod } from "./schema.ts";

/** What a plugin says of itself. */
export interface PluginReport {
  /** What it states, where it does. */
  readonly plugin: StatedPlugin | undefined;
  readonly handshake: {
    readonly coreVersion: number;
    /** The application version that was agreed on. */
    readonly version: number;
    readonly protocol: Protocol;
    /** `unix /path` or `tcp 127.0.0.1:1234`; undefined with AutoMTLS, where no other host can use it. */
    readonly address: string | undefined;
    readonly pid: number;
  };
  /** undefined where it has no reflection. */
  readonly services: readonly ServiceReport[] | undefined;
}

export interface ServiceReport {
  readonly name: string;
  /** As in a proto file, without `rpc`; empty where the plugin has no descriptors of it. */
  readonly methods: readonly string[];
}

// How long the plugin may take to answer each question.
const answerMs = 10_000;

/** Asks a plugin what it is. */
export async function describePlugin(target: Target): Promise<PluginReport> {
  const { client } = target;
  await client.ping({ timeoutMs: answerMs });
  const handshake = {
    coreVersion: coreProtocolVersion,
    version: client.version,
    protocol: client.protocol,
    address: addressOf(target),
    pid: client.pid,
  };
  const plugin = await client.describe({ timeoutMs: answerMs });
  return { plugin, handshake, services: client.protocol === "grpc" ? await reflect(target) : undefined };
}

function addressOf({ client }: Target): string | undefined {
  try {
    const { Network, String: text } = client.reattachConfig().Addr;
    return `${Network} ${text}`;
  } catch (error) {
    if (error instanceof PluginConfigError) return undefined;
    throw error;
  }
}

async function reflect(target: Target): Promise<ServiceReport[] | undefined> {
  const reflection = reflectionClient(await target.channel(), answerMs);
  try {
    const names = await serviceNames(reflection);
    const { services } = await reflectedSchema(reflection, names);
    return names.map((name) => ({
      name,
      methods: services.find(({ typeName }) => typeName === name)?.methods.map(showMethod) ?? [],
    }));
  } catch (error) {
    if (error instanceof CommandError && error.code === "reflection-missing") return undefined;
    throw error;
  }
}
