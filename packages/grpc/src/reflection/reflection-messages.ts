import type { Codec } from "../definition.ts";
import { WireReader } from "../wire/wire-reader.ts";
import { WireWriter } from "../wire/wire-writer.ts";

/** What a client may ask; v1 and v1alpha have the same messages. */
export type ReflectionQuestion =
  | { readonly kind: "fileByFilename"; readonly name: string }
  | { readonly kind: "fileContainingSymbol"; readonly symbol: string }
  | { readonly kind: "fileContainingExtension"; readonly type: string; readonly number: number }
  | { readonly kind: "allExtensionNumbersOfType"; readonly type: string }
  | { readonly kind: "listServices" }
  | { readonly kind: "none" };

export type ReflectionAnswer =
  | { readonly kind: "files"; readonly files: readonly Uint8Array[] }
  | { readonly kind: "extensionNumbers"; readonly type: string; readonly numbers: readonly number[] }
  | { readonly kind: "services"; readonly names: readonly string[] }
  | { readonly kind: "error"; readonly code: number; readonly message: string };

/** `ServerReflectionRequest`. */
export interface ReflectionRequest {
  readonly host: string;
  readonly question: ReflectionQuestion;
}

/** `ServerReflectionResponse`. */
export interface ReflectionResponse {
  readonly request: ReflectionRequest;
  readonly answer: ReflectionAnswer;
}

export const reflectionRequest: Codec<ReflectionRequest> = {
  encode: (request) => writeRequest(new WireWriter(), request).finish(),
  decode: (bytes) => readRequest(new WireReader(bytes)),
};

export const reflectionResponse: Codec<ReflectionResponse> = {
  encode: ({ request, answer }) => {
    const writer = new WireWriter();
    writer.string(1, request.host).message(2, (inner) => writeRequest(inner, request));
    return writeAnswer(writer, answer).finish();
  },
  decode: (bytes) => {
    const reader = new WireReader(bytes);
    let request: ReflectionRequest = { host: "", question: { kind: "none" } };
    let answer: ReflectionAnswer = { kind: "files", files: [] };
    for (let field = reader.next(); field !== 0; field = reader.next()) {
      if (field === 2) request = readRequest(reader.message());
      else if (field >= 4 && field <= 7) answer = readAnswer(field, reader.message());
      else reader.skip();
    }
    return { request, answer };
  },
};

function writeRequest(writer: WireWriter, { host, question }: ReflectionRequest): WireWriter {
  writer.string(1, host);
  // The fields of a oneof are written even where they are empty.
  switch (question.kind) {
    case "fileByFilename":
      return writer.repeatedString(3, [question.name]);
    case "fileContainingSymbol":
      return writer.repeatedString(4, [question.symbol]);
    case "fileContainingExtension":
      return writer.message(5, (inner) => inner.string(1, question.type).int32(2, question.number));
    case "allExtensionNumbersOfType":
      return writer.repeatedString(6, [question.type]);
    case "listServices":
      return writer.repeatedString(7, [""]);
    case "none":
      return writer;
  }
}

function readRequest(reader: WireReader): ReflectionRequest {
  let host = "";
  let question: ReflectionQuestion = { kind: "none" };
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    switch (field) {
      case 1:
        host = reader.string();
        break;
      case 3:
        question = { kind: "fileByFilename", name: reader.string() };
        break;
      case 4:
        question = { kind: "fileContainingSymbol", symbol: reader.string() };
        break;
      case 5:
        question = readExtension(reader.message());
        break;
      case 6:
        question = { kind: "allExtensionNumbersOfType", type: reader.string() };
        break;
      case 7:
        question = { kind: "listServices" };
        reader.skip();
        break;
      default:
        reader.skip();
    }
  }
  return { host, question };
}

function readExtension(reader: WireReader): ReflectionQuestion {
  let type = "";
  let number = 0;
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    if (field === 1) type = reader.string();
    else if (field === 2) number = reader.int32();
    else reader.skip();
  }
  return { kind: "fileContainingExtension", type, number };
}

function writeAnswer(writer: WireWriter, answer: ReflectionAnswer): WireWriter {
  switch (answer.kind) {
    case "files":
      return writer.message(4, (inner) => inner.repeatedBytes(1, answer.files));
    case "extensionNumbers":
      return writer.message(5, (inner) => {
        inner.string(1, answer.type);
        for (const number of answer.numbers) inner.int32(2, number);
      });
    case "services":
      return writer.message(6, (inner) => {
        for (const name of answer.names) inner.message(1, (service) => service.string(1, name));
      });
    case "error":
      return writer.message(7, (inner) => inner.int32(1, answer.code).string(2, answer.message));
  }
}

function readAnswer(kind: number, reader: WireReader): ReflectionAnswer {
  const files: Uint8Array[] = [];
  const names: string[] = [];
  const numbers: number[] = [];
  let text = "";
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    if (kind === 4 && field === 1) files.push(reader.bytes());
    else if (kind === 5 && field === 1) text = reader.string();
    else if (kind === 5 && field === 2) numbers.push(...reader.int32s());
    else if (kind === 6 && field === 1) names.push(readName(reader.message()));
    else if (kind === 7 && field === 1) numbers.push(reader.int32());
    else if (kind === 7 && field === 2) text = reader.string();
    else reader.skip();
  }
  if (kind === 4) return { kind: "files", files };
  if (kind === 5) return { kind: "extensionNumbers", type: text, numbers };
  if (kind === 6) return { kind: "services", names };
  return { kind: "error", code: numbers[0] ?? 0, message: text };
}

function readName(reader: WireReader): string {
  let name = "";
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    if (field === 1) name = reader.string();
    else reader.skip();
  }
  return name;
}
