import type { ServiceDefinition } from "@drawbar/grpc";
import type { FromGrpcJs, GrpcJsService } from "@drawbar/grpc/grpc-js";
import type { fromProtobuf, ProtobufService } from "@drawbar/grpc/protobuf";

/** A protobuf-es service descriptor, whatever its methods. */
type GenService = Parameters<typeof fromProtobuf>[0];

/** Its methods' types, as the adapter takes them. */
type MethodsOf<Source extends GenService> = {
  [Name in keyof Source["method"]]: Pick<Source["method"][Name], "methodKind" | "input" | "output">;
};

/** What describes a service to `grpcPlugin`. */
export type ServiceSource = ServiceDefinition | GenService | GrpcJsService;

/** The definition that a source is turned into, with its types. */
export type DefinitionOf<Source extends ServiceSource> = Source extends GenService
  ? ProtobufService<MethodsOf<Source>>
  : Source extends ServiceDefinition
    ? Source
    : Source extends GrpcJsService
      ? FromGrpcJs<Source>
      : never;

/** Turns a source into a definition, loading what that takes and nothing else. */
export async function toDefinition<Source extends ServiceSource>(
  source: Source,
): Promise<DefinitionOf<Source>> {
  // Which of the three it is decides the type too, which the compiler cannot follow.
  return (await adapt(source)) as DefinitionOf<Source>;
}

async function adapt(source: ServiceSource): Promise<ServiceDefinition> {
  if (isGenService(source)) return (await import("@drawbar/grpc/protobuf")).fromProtobuf(source);
  if (isDefinition(source)) return source;
  return (await import("@drawbar/grpc/grpc-js")).fromGrpcJs(source);
}

// The methods of a grpc-js definition may have any name, but none of them is a string.
function isGenService(source: ServiceSource): source is GenService {
  return "kind" in source && source.kind === "service";
}

function isDefinition(source: ServiceDefinition | GrpcJsService): source is ServiceDefinition {
  return "name" in source && typeof source.name === "string";
}
