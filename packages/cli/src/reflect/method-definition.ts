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
import { toError } from "@drawbar/io";
import { CommandError } from "../command-error.ts";
import { describeFields } from "./describe-fields.ts";

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

/** A request out of its protobuf JSON. Throws CommandError `request-invalid`, which says what the message has. */
export function readRequest(method: DescMethod, json: string, registry: Registry): Message {
  try {
    return fromJson(method.input, JSON.parse(json) as JsonValue, { registry });
  } catch (cause) {
    const { typeName } = method.input;
    const reason = toError(cause).message.replace(`cannot decode message ${typeName} from JSON: `, "");
    throw new CommandError(
      "request-invalid",
      `${shorten(json)} is no ${typeName} in JSON: ${reason}; ${describeFields(method.input)}`,
      { cause, facts: { message: typeName } },
    );
  }
}

// Enough to know it by.
const shownLength = 200;

function shorten(json: string): string {
  const text = json.trim();
  return text.length > shownLength ? `${text.slice(0, shownLength)}…` : text;
}

/** A reply as protobuf JSON. */
export function showReply(method: DescMethod, reply: Message, registry: Registry): JsonValue {
  return toJson(method.output, reply, { registry, alwaysEmitImplicit: false });
}
