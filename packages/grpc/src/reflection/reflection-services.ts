import { Buffer } from "node:buffer";
import type { MethodDefinition, ServiceDefinition } from "../definition.ts";
import { reflectionV1AlphaDescriptor, reflectionV1Descriptor } from "./reflection-descriptors.ts";
import {
  type ReflectionRequest,
  type ReflectionResponse,
  reflectionRequest,
  reflectionResponse,
} from "./reflection-messages.ts";

/** `ServerReflection`, the same in both versions but for its name. */
export type ReflectionService = ServiceDefinition<{
  readonly serverReflectionInfo: MethodDefinition<ReflectionRequest, ReflectionResponse> & {
    readonly kind: "bidi_streaming";
  };
}>;

/** `grpc.reflection.v1.ServerReflection`. */
export const reflectionService: ReflectionService = define("v1", reflectionV1Descriptor);

/** `grpc.reflection.v1alpha.ServerReflection`, which older clients ask for. */
export const reflectionServiceV1Alpha: ReflectionService = define("v1alpha", reflectionV1AlphaDescriptor);

function define(version: string, descriptor: string): ReflectionService {
  const name = `grpc.reflection.${version}.ServerReflection`;
  return {
    name,
    methods: {
      serverReflectionInfo: {
        path: `/${name}/ServerReflectionInfo`,
        kind: "bidi_streaming",
        request: reflectionRequest,
        response: reflectionResponse,
      },
    },
    fileDescriptors: () => [Buffer.from(descriptor, "base64")],
  };
}
