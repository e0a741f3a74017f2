import {
  type DescMethod,
  fromJson,
  type JsonValue,
  type Message,
  type Registry,
  toJson,
} from "@bufbuild/protobuf";
import type { MethodDefinition } from "@drawbar/grpc";
import { messageCodec } from "@drawbar/grpc/protobuf";
import { CommandError } from "../command-error.ts";

/** A method whose messages are known from descriptors alone. On the wire, every kind of call is two streams. */
export type DynamicMethod = MethodDefinition<Message, Message> & { readonly kind: "bidi_streaming" };

export function methodDefinition({ parent, name, input, output }: DescMethod): DynamicMethod {
  return {
    path: `/${parent.typeName}/${name}`,
    kind: "bidi_streaming",
    request: messageCodec(input),
    response: messageCodec(output),
  };
}

/** A request out of its protobuf JSON. */
export function readRequest(method: DescMethod, json: string, registry: Registry): Message {
  try {
    return fromJson(method.input, JSON.parse(json) as JsonValue, { registry });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new CommandError("request-invalid", `${json} is no ${method.input.typeName}: ${why}`, { cause });
  }
}

/** A reply as protobuf JSON. */
export function showReply(method: DescMethod, reply: Message, registry: Registry): JsonValue {
  return toJson(method.output, reply, { registry, alwaysEmitImplicit: false });
}
