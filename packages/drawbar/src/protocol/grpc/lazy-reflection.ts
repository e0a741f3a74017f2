import { type AnyMethod, type Codec, Server, type ServiceDefinition } from "@drawbar/grpc";
import type * as Reflection from "@drawbar/grpc/reflection";

// Bytes as they are: what they mean is known once reflection is loaded.
const rawCodec: Codec<Uint8Array> = { encode: (bytes) => bytes, decode: (bytes) => new Uint8Array(bytes) };

const names = ["grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection"] as const;

/**
 * Adds server reflection (v1 and v1alpha), which every go-plugin plugin has and hardly any host asks for: its
 * code and descriptors are loaded with the first question and cost a plugin's start nothing.
 */
export function addLazyReflection(server: Server): void {
  let loaded: Loaded | undefined;
  const load = async (): Promise<Loaded> => {
    loaded ??= new Loaded(await import("@drawbar/grpc/reflection"), server);
    return loaded;
  };
  for (const name of names) {
    const path = `/${name}/ServerReflectionInfo`;
    const ask: AnyMethod = { path, kind: "bidi_streaming", request: rawCodec, response: rawCodec };
    const service: ServiceDefinition = {
      name,
      methods: { ask },
      // Only reflection itself asks for these.
      fileDescriptors: () => loaded?.fileDescriptors(name) ?? [],
    };
    const answer = async function* (
      requests: AsyncIterable<unknown>,
    ): AsyncGenerator<unknown, void, undefined> {
      yield* (await load()).answer(name, requests);
    };
    server.addService(service, { ask: answer as never });
  }
}

type Handler = (requests: AsyncIterable<unknown>) => AsyncIterable<unknown>;

/** Reflection of another server, its handlers kept instead of served. */
class Loaded extends Server {
  readonly #reflected: Server;
  readonly #services = new Map<
    string,
    { readonly definition: ServiceDefinition; readonly handler: Handler }
  >();

  constructor(reflection: typeof Reflection, reflected: Server) {
    super();
    this.#reflected = reflected;
    reflection.addReflection(this);
  }

  override get services(): readonly ServiceDefinition[] {
    return this.#reflected.services;
  }

  override addService(definition: ServiceDefinition, implementation: object): this {
    const [handler] = Object.values(implementation) as Handler[];
    if (handler !== undefined) this.#services.set(definition.name, { definition, handler });
    return this;
  }

  async fileDescriptors(name: string): Promise<readonly Uint8Array[]> {
    return (await this.#services.get(name)?.definition.fileDescriptors?.()) ?? [];
  }

  async *answer(name: string, requests: AsyncIterable<unknown>): AsyncGenerator<unknown, void, undefined> {
    const service = this.#services.get(name);
    const [method] = Object.values(service?.definition.methods ?? {});
    if (service === undefined || method === undefined) return;
    for await (const answer of service.handler(decoded(method, requests)))
      yield method.response.encode(answer);
  }
}

async function* decoded(
  method: AnyMethod,
  requests: AsyncIterable<unknown>,
): AsyncGenerator<unknown, void, undefined> {
  for await (const bytes of requests) yield method.request.decode(bytes as Uint8Array);
}
