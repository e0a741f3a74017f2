import { Buffer } from "node:buffer";
import type { AnyMethod, Codec, MethodDefinition, MethodKind, ServiceDefinition } from "../definition.ts";

/** A method as grpc-js describes it: what proto-loader, ts-proto and grpc-tools generate. */
export interface GrpcJsMethod<Request, Response> {
  /** `/package.Service/Method`. */
  readonly path: string;
  readonly requestStream: boolean;
  readonly responseStream: boolean;
  requestSerialize(value: Request): Uint8Array;
  /** Generated code asks for node's Buffer. */
  requestDeserialize(bytes: Buffer): Request;
  responseSerialize(value: Response): Uint8Array;
  responseDeserialize(bytes: Buffer): Response;
  /** proto-loader's types carry the schema. */
  readonly requestType?: object | undefined;
}

/** A service as grpc-js describes it. */
export type GrpcJsService = Readonly<Record<string, GrpcJsMethod<unknown, unknown>>>;

/** Who streams, as far as the definition's type tells. */
export type GrpcJsKind<
  RequestStream extends boolean,
  ResponseStream extends boolean,
> = RequestStream extends true
  ? ResponseStream extends true
    ? "bidi_streaming"
    : "client_streaming"
  : ResponseStream extends true
    ? "server_streaming"
    : "unary";

/** A grpc-js service as a ServiceDefinition; its types are known as far as they were before. */
export type FromGrpcJs<Service extends GrpcJsService> = ServiceDefinition<{
  readonly [Name in keyof Service & string]: Service[Name] extends GrpcJsMethod<infer Request, infer Response>
    ? MethodDefinition<Request, Response> & {
        readonly kind: GrpcJsKind<Service[Name]["requestStream"], Service[Name]["responseStream"]>;
      }
    : never;
}>;

/**
 * The service that a grpc-js service definition describes. Methods keep the names that they have there.
 * Throws for a definition without methods: a service's name stands in its methods' paths only.
 */
export function fromGrpcJs<Service extends GrpcJsService>(service: Service): FromGrpcJs<Service> {
  const methods = Object.entries(service);
  const path = methods[0]?.[1].path;
  const name = path === undefined ? undefined : /^\/([^/]+)\//.exec(path)?.[1];
  if (name === undefined) throw new TypeError("a grpc-js service definition needs methods with paths");
  const entries = methods.map(([local, method]): [string, AnyMethod] => [local, adapt(method)]);
  const definition: ServiceDefinition = {
    name,
    methods: Object.fromEntries(entries),
    fileDescriptors: () => filesOf(methods.map(([, method]) => method)),
  };
  return definition as FromGrpcJs<Service>;
}

function adapt(method: GrpcJsMethod<unknown, unknown>): AnyMethod {
  return {
    path: method.path,
    kind: kindOf(method),
    request: codec(
      (value) => method.requestSerialize(value),
      (bytes) => method.requestDeserialize(bytes),
    ),
    response: codec(
      (value) => method.responseSerialize(value),
      (bytes) => method.responseDeserialize(bytes),
    ),
  };
}

function kindOf({ requestStream, responseStream }: GrpcJsMethod<unknown, unknown>): MethodKind {
  if (requestStream) return responseStream ? "bidi_streaming" : "client_streaming";
  return responseStream ? "server_streaming" : "unary";
}

function codec(encode: (value: unknown) => Uint8Array, decode: (bytes: Buffer) => unknown): Codec<unknown> {
  return {
    encode,
    decode(bytes) {
      // These decoders keep views of what they are given.
      const copy = Buffer.allocUnsafeSlow(bytes.length);
      copy.set(bytes);
      return decode(copy);
    },
  };
}

// Only proto-loader leaves the schema in its definitions.
function filesOf(methods: readonly GrpcJsMethod<unknown, unknown>[]): Uint8Array[] {
  const files = new Set<Uint8Array>();
  for (const { requestType } of methods) {
    const protos: unknown = (requestType as { fileDescriptorProtos?: unknown } | undefined)
      ?.fileDescriptorProtos;
    if (!Array.isArray(protos)) continue;
    for (const proto of protos) if (proto instanceof Uint8Array) files.add(proto);
  }
  return [...files];
}
