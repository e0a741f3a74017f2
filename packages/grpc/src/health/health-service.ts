import { Buffer } from "node:buffer";
import type { MethodDefinition, ServiceDefinition } from "../definition.ts";
import { healthDescriptor } from "./health-descriptor.ts";
import {
  checkRequest,
  checkResponse,
  type HealthCheckRequest,
  type HealthCheckResponse,
  type HealthListRequest,
  type HealthListResponse,
  listRequest,
  listResponse,
} from "./health-messages.ts";

type Check<Kind> = MethodDefinition<HealthCheckRequest, HealthCheckResponse> & { readonly kind: Kind };
type List = MethodDefinition<HealthListRequest, HealthListResponse> & { readonly kind: "unary" };

/** `grpc.health.v1.Health` (gRPC health checking protocol). */
export const healthService: ServiceDefinition<{
  readonly check: Check<"unary">;
  readonly list: List;
  readonly watch: Check<"server_streaming">;
}> = {
  name: "grpc.health.v1.Health",
  methods: {
    check: {
      path: "/grpc.health.v1.Health/Check",
      kind: "unary",
      request: checkRequest,
      response: checkResponse,
    },
    list: {
      path: "/grpc.health.v1.Health/List",
      kind: "unary",
      request: listRequest,
      response: listResponse,
    },
    watch: {
      path: "/grpc.health.v1.Health/Watch",
      kind: "server_streaming",
      request: checkRequest,
      response: checkResponse,
    },
  },
  fileDescriptors: () => [Buffer.from(healthDescriptor, "base64")],
};
