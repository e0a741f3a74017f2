import { readFile } from "node:fs/promises";
import type { DescMethod, Message, Registry } from "@bufbuild/protobuf";
import {
  type CallOptions,
  type Channel,
  createClient,
  isStatusError,
  Metadata,
  type StatusError,
} from "@drawbar/grpc";
import type { CommandContext } from "../command-context.ts";
import { CommandError } from "../command-error.ts";
import { grpcExitCode } from "../exit-code.ts";
import { openTarget } from "../target/open-target.ts";
import type { TargetFlags } from "../target/target-flags.ts";
import { methodDefinition, readRequest, showReply } from "./method-definition.ts";
import { readLines } from "./read-lines.ts";
import { reflectionClient } from "./reflection-client.ts";
import { findMethod, reflectedSchema, type Schema, schemaOfSet, serviceNames } from "./schema.ts";

/** One call, as the command line has it. */
export interface CallSettings {
  readonly method: string;
  readonly command: readonly string[];
  readonly flags: TargetFlags & { readonly json?: true };
  /** The file of a FileDescriptorSet. Default: reflection. */
  readonly descriptor: string | undefined;
  /** The requests. Default: `{}`, or the lines of stdin where the method takes a stream. */
  readonly data: readonly string[] | undefined;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly timeoutMs: number | undefined;
}

// How long a plugin may take to describe itself.
const reflectionMs = 10_000;

/** Makes a call and prints its replies. Throws CommandError with the exit code of the call's status. */
export async function callPlugin(settings: CallSettings, context: CommandContext): Promise<void> {
  await using target = await openTarget(settings.command, settings.flags, context);
  if (target.client.protocol !== "grpc") {
    throw new CommandError(
      "not-grpc",
      "the plugin speaks net/rpc, which has no reflection and no JSON; write a host to call it",
    );
  }
  const channel = await target.channel();
  const schema = await schemaFor(settings, channel);
  const method = findMethod(schema, settings.method);
  const requests = new Requests(method, settings.data, schema.registry, context);
  const service = { name: method.parent.typeName, methods: { call: methodDefinition(method) } };
  const replies = createClient(service, channel).call(requests.messages(), options(settings, context));
  const pretty = settings.flags.json !== true && !isStream(method.methodKind, "server_streaming");
  try {
    for await (const reply of replies) {
      const json = showReply(method, reply, schema.registry);
      context.out(`${pretty ? JSON.stringify(json, null, 2) : JSON.stringify(json)}\n`);
    }
  } catch (error) {
    if (requests.problem !== undefined) throw requests.problem;
    throw isStatusError(error) ? failed(error, method) : error;
  }
}

async function schemaFor({ descriptor, method }: CallSettings, channel: Channel): Promise<Schema> {
  if (descriptor !== undefined) return schemaOfSet(await readFile(descriptor));
  const client = reflectionClient(channel, reflectionMs);
  const names = await serviceNames(client);
  // Only what the method's name may mean: a plugin may have large services beside it.
  const wanted = names.filter((name) => method.replace(/^\//, "").startsWith(`${name}/`));
  return reflectedSchema(client, wanted.length > 0 ? wanted : names);
}

/** The requests of a call. What is wrong with one fails the call, and is kept, because the call fails in its own way. */
class Requests {
  problem: unknown;
  readonly #method: DescMethod;
  readonly #registry: Registry;
  readonly #texts: AsyncIterable<string> | readonly string[];

  constructor(
    method: DescMethod,
    data: readonly string[] | undefined,
    registry: Registry,
    context: CommandContext,
  ) {
    this.#method = method;
    this.#registry = registry;
    const streams = isStream(method.methodKind, "client_streaming");
    if (!streams && data !== undefined && data.length !== 1)
      throw new CommandError("request-invalid", `${method.name} takes one request; give --data once`);
    this.#texts = data ?? (streams ? readLines(context.stdin) : ["{}"]);
  }

  async *messages(): AsyncGenerator<Message, void, undefined> {
    try {
      for await (const text of this.#texts) yield readRequest(this.#method, text, this.#registry);
    } catch (error) {
      this.problem = error;
      throw error;
    }
  }
}

function isStream(kind: string, one: "client_streaming" | "server_streaming"): boolean {
  return kind === one || kind === "bidi_streaming";
}

function options({ headers, timeoutMs }: CallSettings, context: CommandContext): CallOptions {
  const metadata = new Metadata();
  for (const [name, value] of headers) {
    if (name.endsWith("-bin")) metadata.append(name, Buffer.from(value, "base64"));
    else metadata.append(name, value);
  }
  return { metadata, timeoutMs, signal: context.signal };
}

function failed(error: StatusError, method: DescMethod): CommandError {
  const { status, statusName, statusMessage, details, metadata } = error;
  const path = `${method.parent.typeName}/${method.name}`;
  return new CommandError("call-failed", `${path} failed: ${error.message}`, {
    cause: error,
    exitCode: grpcExitCode(status),
    facts: {
      status,
      statusName,
      statusMessage,
      ...(details === undefined ? {} : { details: Buffer.from(details).toString("base64") }),
      metadata: Object.fromEntries([...metadata].map(([name, value]) => [name, String(value)])),
    },
  });
}
