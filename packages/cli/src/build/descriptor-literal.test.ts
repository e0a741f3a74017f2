import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { create } from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import { messageLiteral } from "./descriptor-literal.ts";

const typeNames = [
  "google.protobuf.FileDescriptorProto",
  "google.protobuf.DescriptorProto",
  "google.protobuf.FileOptions",
  "google.protobuf.UninterpretedOption",
];

describe("a schema as JSON", () => {
  test("has what is set, its messages by the places of their types, and no empty lists", () => {
    const file = create(FileDescriptorProtoSchema, {
      name: "a.proto",
      dependency: ["b.proto"],
      messageType: [{ name: 'quo"te' }],
      options: { deprecated: true },
    });
    assert.deepEqual(JSON.parse(messageLiteral(file, typeNames) ?? ""), {
      $: 0,
      name: "a.proto",
      dependency: ["b.proto"],
      messageType: [{ $: 1, name: 'quo"te' }],
      options: { $: 2, deprecated: true },
    });
  });

  test("is none where it holds what JSON does not", () => {
    const unknown = create(FileDescriptorProtoSchema, { options: {} });
    assert.ok(unknown.options !== undefined && messageLiteral(unknown, typeNames) !== undefined);
    unknown.options.$unknown = [{ no: 50_000, wireType: 0, data: new Uint8Array([5]) }];
    const option = (value: object) =>
      create(FileDescriptorProtoSchema, { options: { uninterpretedOption: [value] } });
    for (const file of [
      unknown,
      option({ stringValue: new Uint8Array([1]) }),
      option({ positiveIntValue: 7n }),
      option({ doubleValue: Number.NaN }),
      // Of a type that is not in the list.
      create(FileDescriptorProtoSchema, { enumType: [{ name: "E" }] }),
    ])
      assert.equal(messageLiteral(file, typeNames), undefined);
  });
});
