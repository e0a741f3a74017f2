import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";
import { grpcPlugin } from "drawbar";

/**
 * As much of Terraform's plugin protocol as reads a provider's schema. The messages are the same in its versions 5 and
 * 6, which call the method differently.
 */
export interface ProviderSchema {
  readonly resources: ReadonlyMap<string, Schema>;
  readonly dataSources: ReadonlyMap<string, Schema>;
  readonly functions: readonly string[];
  /** Summaries of what the provider complains of. */
  readonly diagnostics: readonly string[];
}

export interface Schema {
  readonly version: number;
  readonly attributes: ReadonlyMap<string, Attribute>;
}

export interface Attribute {
  /** In JSON, such as `"string"` or `["map","string"]`. */
  readonly type: string;
  readonly required: boolean;
}

const nothing = { encode: () => new Uint8Array(0), decode: () => undefined };
const providerSchema = { encode: () => new Uint8Array(0), decode: decodeResponse };
const unary = { kind: "unary", request: nothing, response: providerSchema } as const;

export const versionedPlugins = {
  5: {
    provider: grpcPlugin({
      name: "tfplugin5.Provider",
      methods: { readSchema: { path: "/tfplugin5.Provider/GetSchema", ...unary } },
    }),
  },
  6: {
    provider: grpcPlugin({
      name: "tfplugin6.Provider",
      methods: { readSchema: { path: "/tfplugin6.Provider/GetProviderSchema", ...unary } },
    }),
  },
};

/** What Terraform tells a provider at its start. */
export const terraformHandshake = {
  // Of the time before versions were negotiated: no provider of today has it.
  protocolVersion: 4,
  magicCookieKey: "TF_PLUGIN_MAGIC_COOKIE",
  magicCookieValue: "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
};

// GetProviderSchema.Response, by its field numbers.
function decodeResponse(bytes: Uint8Array): ProviderSchema {
  const response = new Fields(bytes);
  return {
    resources: schemasOf(response, 2),
    dataSources: schemasOf(response, 3),
    diagnostics: response.bytes(4).map((diagnostic) => new Fields(diagnostic).text(2)),
    functions: response.bytes(7).map((entry) => new Fields(entry).text(1)),
  };
}

// A map is a list of entries: 1 is the key, 2 the value.
function schemasOf(response: Fields, number: number): ReadonlyMap<string, Schema> {
  const entries = response.bytes(number).map((entry) => new Fields(entry));
  return new Map(entries.map((entry) => [entry.text(1), decodeSchema(entry.one(2))]));
}

function decodeSchema(bytes: Uint8Array): Schema {
  const schema = new Fields(bytes);
  const attributes = new Fields(schema.one(2)).bytes(2).map((attribute) => new Fields(attribute));
  const described = attributes.map((fields): [string, Attribute] => [
    fields.text(1),
    { type: fields.text(2), required: fields.number(4) === 1 },
  ]);
  return { version: schema.number(1), attributes: new Map(described) };
}

/** A message's fields by their numbers: texts, bytes and messages as bytes, and numbers. */
class Fields {
  readonly #bytes = new Map<number, Uint8Array[]>();
  readonly #numbers = new Map<number, number>();

  constructor(message: Uint8Array) {
    const reader = new BinaryReader(message);
    while (reader.pos < reader.len) {
      const [number, type] = reader.tag();
      if (type === WireType.LengthDelimited) this.#add(number, reader.bytes());
      else if (type === WireType.Varint) this.#numbers.set(number, Number(reader.uint64()));
      else reader.skip(type, number);
    }
  }

  bytes(number: number): readonly Uint8Array[] {
    return this.#bytes.get(number) ?? [];
  }

  /** Empty where it is not there, as the format has it. */
  one(number: number): Uint8Array {
    return this.bytes(number).at(-1) ?? new Uint8Array(0);
  }

  text(number: number): string {
    return Buffer.from(this.one(number)).toString();
  }

  number(number: number): number {
    return this.#numbers.get(number) ?? 0;
  }

  #add(number: number, bytes: Uint8Array): void {
    this.#bytes.set(number, [...this.bytes(number), bytes]);
  }
}
