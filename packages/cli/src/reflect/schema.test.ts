import assert from "node:assert/strict";
import { test } from "node:test";
import { create, toBinary } from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import { CommandError } from "../command-error.ts";
import { reflectedSchema } from "./schema.ts";

const serving = (files: readonly Uint8Array[]) => ({
  ask: async ({ kind }: { readonly kind: string }) =>
    kind === "fileContainingSymbol"
      ? ({ kind: "files", files } as const)
      : ({ kind: "error", code: 5, message: "not found" } as const),
});

test("what is no descriptor, or lacks what it imports, is told with the flag that stands in for it", async () => {
  const dependent = create(FileDescriptorProtoSchema, {
    name: "a.proto",
    dependency: ["b.proto"],
    syntax: "proto3",
  });
  for (const file of [new Uint8Array([255, 255]), toBinary(FileDescriptorProtoSchema, dependent)]) {
    await assert.rejects(reflectedSchema(serving([file]), ["a.Service"]), (error) => {
      assert.ok(error instanceof CommandError);
      assert.equal(error.code, "descriptor-invalid");
      assert.match(
        error.message,
        /by reflection cannot be used: .*; give their descriptors with --descriptor FILE/,
      );
      return true;
    });
  }
});
