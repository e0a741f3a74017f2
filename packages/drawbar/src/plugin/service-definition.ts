import type { ServiceDefinition } from "@drawbar/grpc";

/** What describes a service to `grpcPlugin`. */
export type ServiceSource = ServiceDefinition;

/** The definition that a source is turned into, with its types. */
export type DefinitionOf<Source extends ServiceSource> = Source extends ServiceDefinition ? Source : never;

/** Turns a source into a definition, loading what that takes and nothing else. */
export async function toDefinition<Source extends ServiceSource>(
  source: Source,
): Promise<DefinitionOf<Source>> {
  return source as DefinitionOf<Source>;
}
