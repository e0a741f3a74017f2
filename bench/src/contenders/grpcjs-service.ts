import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import type { ServiceDefinition } from "@grpc/grpc-js";
import { type GetRequest, GetRequestSchema, type GetResponse, GetResponseSchema } from "../gen/kv_pb.ts";

/** The same messages by the same protobuf library, so that only the transport differs. */
export const kvService = {
  get: {
    path: "/proto.KV/Get",
    requestStream: false,
    responseStream: false,
    requestSerialize: (value: GetRequest) => Buffer.from(toBinary(GetRequestSchema, value)),
    requestDeserialize: (bytes: Buffer) => fromBinary(GetRequestSchema, bytes),
    responseSerialize: (value: GetResponse) => Buffer.from(toBinary(GetResponseSchema, value)),
    responseDeserialize: (bytes: Buffer) => fromBinary(GetResponseSchema, bytes),
  },
} satisfies ServiceDefinition;

/** A request for the key that every contender asks for. */
export const helloRequest = (): GetRequest => create(GetRequestSchema, { key: "hello" });

/** The answer that every contender gives. */
export const worldResponse = (): GetResponse =>
  create(GetResponseSchema, { value: new TextEncoder().encode("world") });
