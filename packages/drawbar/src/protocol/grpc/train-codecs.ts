import type { ServiceDefinition } from "@drawbar/grpc";

/**
 * Encodes and decodes an empty message of each kind that the services know. `drawbar build --train` keeps compiled
 * what runs meanwhile, which the first call of any method needs, and calls no method.
 */
export function trainCodecs(services: readonly ServiceDefinition[]): void {
  for (const { request, response } of services.flatMap(({ methods }) => Object.values(methods))) {
    for (const codec of [request, response]) {
      try {
        codec.decode(codec.encode({}));
      } catch {
        // A codec that has no empty message; or one of the program's own, whose errors are not for now.
      }
    }
  }
}
