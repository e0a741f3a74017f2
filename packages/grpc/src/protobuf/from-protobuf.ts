import type { DescService, MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import type { GenService, GenServiceMethods } from "@bufbuild/protobuf/codegenv2";
import type { AnyMethod, MethodDefinition, ServiceDefinition } from "../definition.ts";
import { messageCodec } from "./message-codec.ts";

/** A protobuf-es service as a ServiceDefinition, its types kept. */
export type ProtobufService<Methods extends GenServiceMethods> = ServiceDefinition<{
  readonly [Name in keyof Methods & string]: MethodDefinition<
    MessageShape<Methods[Name]["input"]>,
    MessageShape<Methods[Name]["output"]>,
    MessageInitShape<Methods[Name]["input"]>,
    MessageInitShape<Methods[Name]["output"]>
  > & { readonly kind: Methods[Name]["methodKind"] };
}>;

/**
 * The service that protoc-gen-es (v2) generated a descriptor of. Clients take and handlers return messages
 * or what `create` takes.
 */
export function fromProtobuf<Methods extends GenServiceMethods>(
  service: GenService<Methods>,
): ProtobufService<Methods> {
  // GenService is DescService with the methods' types known.
  const desc = service as unknown as DescService;
  const entries = desc.methods.map((method): [string, AnyMethod] => [
    method.localName,
    {
      path: `/${desc.typeName}/${method.name}`,
      kind: method.methodKind,
      request: messageCodec(method.input) as AnyMethod["request"],
      response: messageCodec(method.output) as AnyMethod["response"],
    },
  ]);
  return {
    name: desc.typeName,
    methods: Object.fromEntries(entries) as unknown as ProtobufService<Methods>["methods"],
    // Loaded when reflection asks: the types of protobuf's own schemas take longer to set up than a service's.
    fileDescriptors: async () => (await import("./files-of.ts")).filesOf(desc.file),
  };
}
