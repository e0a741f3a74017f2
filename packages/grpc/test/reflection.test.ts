import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  FieldDescriptorProto_Label,
  FieldDescriptorProto_Type,
  FileDescriptorProtoSchema,
} from "@bufbuild/protobuf/wkt";
import { createClient } from "@drawbar/grpc";
import { HealthRegistry, healthService } from "@drawbar/grpc/health";
import {
  addReflection,
  type ReflectionAnswer,
  type ReflectionQuestion,
  type ReflectionService,
  reflectionService,
  reflectionServiceV1Alpha,
} from "@drawbar/grpc/reflection";
import { close, collect, rig } from "./support/rig.ts";

// A message with room for extensions, and two extensions of it in a file of their own.
const base = create(FileDescriptorProtoSchema, {
  name: "base.proto",
  package: "ext",
  syntax: "proto2",
  messageType: [
    { name: "Open", extensionRange: [{ start: 100, end: 200 }], nestedType: [{ name: "Inner" }] },
  ],
});
const extension = (name: string, number: number) => ({
  name,
  number,
  extendee: ".ext.Open",
  type: FieldDescriptorProto_Type.STRING,
  label: FieldDescriptorProto_Label.OPTIONAL,
});
const more = create(FileDescriptorProtoSchema, {
  name: "more.proto",
  package: "ext.more",
  syntax: "proto2",
  dependency: ["base.proto"],
  extension: [extension("late", 150), extension("early", 101)],
});

function open(): ReturnType<typeof rig> {
  const both = rig({});
  both.server.addService(healthService, new HealthRegistry().implementation);
  addReflection(both.server, {
    files: [toBinary(FileDescriptorProtoSchema, base), toBinary(FileDescriptorProtoSchema, more)],
  });
  return both;
}

async function ask(
  both: ReturnType<typeof rig>,
  questions: readonly ReflectionQuestion[],
  service: ReflectionService = reflectionService,
): Promise<ReflectionAnswer[]> {
  const client = createClient(service, both.channel);
  const requests = questions.map((question) => ({ host: "", question }));
  const responses = await collect(client.serverReflectionInfo(requests));
  assert.deepEqual(
    responses.map(({ request }) => request),
    requests,
  );
  return responses.map(({ answer }) => answer);
}

function namesOf(answer: ReflectionAnswer | undefined): string[] {
  assert.equal(answer?.kind, "files");
  return answer.files.map((bytes) => fromBinary(FileDescriptorProtoSchema, bytes).name);
}

describe("reflection", () => {
  test("lists services by name, in both versions, including those added later", async () => {
    for (const service of [reflectionService, reflectionServiceV1Alpha]) {
      const both = open();
      const names = [
        "drawbar.test.Echo",
        "grpc.health.v1.Health",
        "grpc.reflection.v1.ServerReflection",
        "grpc.reflection.v1alpha.ServerReflection",
      ];
      assert.deepEqual(await ask(both, [{ kind: "listServices" }], service), [{ kind: "services", names }]);
      both.server.addService({ name: "a.Later", methods: {} }, {});
      assert.deepEqual(await ask(both, [{ kind: "listServices" }], service), [
        { kind: "services", names: ["a.Later", ...names] },
      ]);
      await close(both);
    }
  });

  test("finds files by name and by every kind of symbol", async () => {
    const both = open();
    const symbols = [
      "drawbar.test.Echo",
      "drawbar.test.Echo.Say",
      "drawbar.test.Everything",
      "drawbar.test.Everything.choice",
      "drawbar.test.Everything.an_int32",
      "drawbar.test.Color",
      "drawbar.test.COLOR_RED",
    ];
    for (const symbol of symbols) {
      const [answer] = await ask(both, [{ kind: "fileContainingSymbol", symbol }]);
      assert.deepEqual(namesOf(answer), ["drawbar/test/echo.proto"], symbol);
    }
    const [byName, nested, ext] = await ask(both, [
      { kind: "fileByFilename", name: "grpc/health/v1/health.proto" },
      { kind: "fileContainingSymbol", symbol: "ext.Open.Inner" },
      { kind: "fileContainingSymbol", symbol: "ext.more.late" },
    ]);
    assert.deepEqual(namesOf(byName), ["grpc/health/v1/health.proto"]);
    assert.deepEqual(namesOf(nested), ["base.proto"]);
    assert.deepEqual(namesOf(ext), ["more.proto"]);
    await close(both);
  });

  test("sends a file with what it imports, each import once per stream", async () => {
    const both = open();
    const question = { kind: "fileByFilename", name: "more.proto" } as const;
    const [first, second] = await ask(both, [question, question]);
    assert.deepEqual(namesOf(first), ["more.proto", "base.proto"]);
    assert.deepEqual(namesOf(second), ["more.proto"]);
    await close(both);
  });

  test("finds extensions by the type they extend", async () => {
    const both = open();
    const [numbers, file, none] = await ask(both, [
      { kind: "allExtensionNumbersOfType", type: "ext.Open" },
      { kind: "fileContainingExtension", type: "ext.Open", number: 101 },
      { kind: "allExtensionNumbersOfType", type: "ext.Open.Inner" },
    ]);
    assert.deepEqual(numbers, { kind: "extensionNumbers", type: "ext.Open", numbers: [101, 150] });
    assert.deepEqual(namesOf(file), ["more.proto", "base.proto"]);
    assert.deepEqual(none, { kind: "extensionNumbers", type: "ext.Open.Inner", numbers: [] });
    await close(both);
  });

  test("what is not there, and a question without content, are answered with errors on a stream that goes on", async () => {
    const both = open();
    const answers = await ask(both, [
      { kind: "fileByFilename", name: "none.proto" },
      { kind: "fileContainingSymbol", symbol: "no.Such" },
      { kind: "fileContainingExtension", type: "ext.Open", number: 5 },
      { kind: "allExtensionNumbersOfType", type: "no.Such" },
      { kind: "none" },
      { kind: "listServices" },
    ]);
    assert.deepEqual(
      answers.map((answer) => (answer.kind === "error" ? answer.code : answer.kind)),
      [5, 5, 5, 5, 3, "services"],
    );
    await close(both);
  });
});
