import type { ServiceDefinition } from "../definition.ts";
import type { Server } from "../server/server.ts";
import { StatusCode } from "../status/status-code.ts";
import { FileIndex, type SchemaFile } from "./file-index.ts";
import type {
  ReflectionAnswer,
  ReflectionQuestion,
  ReflectionRequest,
  ReflectionResponse,
} from "./reflection-messages.ts";
import { reflectionService, reflectionServiceV1Alpha } from "./reflection-services.ts";

/** What reflection shows besides the server's services. */
export interface ReflectionOptions {
  /** Serialized FileDescriptorProtos that no service refers to, such as those of extensions. */
  readonly files?: readonly Uint8Array[];
}

/**
 * Lets clients ask `server` for its services and their schemas (gRPC server reflection, v1 and v1alpha).
 * Services added later are shown too. A service without file descriptors is listed by its name only.
 */
export function addReflection(server: Server, options: ReflectionOptions = {}): void {
  const directory = new Directory(server, options.files ?? []);
  const serverReflectionInfo = (
    requests: AsyncIterable<ReflectionRequest>,
  ): AsyncIterable<ReflectionResponse> => answerAll(requests, directory);
  server.addService(reflectionService, { serverReflectionInfo });
  server.addService(reflectionServiceV1Alpha, { serverReflectionInfo });
}

// Descriptors are read when the first client asks, and again only when services were added since.
class Directory {
  readonly #server: Server;
  readonly #files: readonly Uint8Array[];
  #services: readonly ServiceDefinition[] = [];
  #index = new FileIndex();

  constructor(server: Server, files: readonly Uint8Array[]) {
    this.#server = server;
    this.#files = files;
  }

  get names(): string[] {
    return this.#server.services.map((service) => service.name).sort();
  }

  async index(): Promise<FileIndex> {
    const { services } = this.#server;
    if (services.length !== this.#services.length) {
      const index = new FileIndex();
      for (const file of this.#files) index.add(file);
      for (const service of services)
        for (const file of (await service.fileDescriptors?.()) ?? []) index.add(file);
      this.#services = services;
      this.#index = index;
    }
    return this.#index;
  }
}

async function* answerAll(
  requests: AsyncIterable<ReflectionRequest>,
  directory: Directory,
): AsyncGenerator<ReflectionResponse, void, undefined> {
  // A file that was sent on this stream is not sent again.
  const sent = new Set<SchemaFile>();
  for await (const request of requests) {
    yield { request, answer: await answer(request.question, directory, sent) };
  }
}

async function answer(
  question: ReflectionQuestion,
  directory: Directory,
  sent: Set<SchemaFile>,
): Promise<ReflectionAnswer> {
  const index = await directory.index();
  switch (question.kind) {
    case "fileByFilename":
      return files(index, index.file(question.name), question.name, sent);
    case "fileContainingSymbol":
      return files(index, index.declaring(question.symbol), question.symbol, sent);
    case "fileContainingExtension": {
      const { type, number } = question;
      return files(index, index.extending(type, number), `extension ${number} of ${type}`, sent);
    }
    case "allExtensionNumbersOfType": {
      const numbers = index.extensionNumbers(question.type);
      if (numbers === undefined) return notFound(question.type);
      return { kind: "extensionNumbers", type: question.type, numbers };
    }
    case "listServices":
      return { kind: "services", names: directory.names };
    case "none":
      return { kind: "error", code: StatusCode.INVALID_ARGUMENT, message: "invalid MessageRequest" };
  }
}

// Answers with the file asked for, even if it was sent before, and with those of its imports that were not.
function files(
  index: FileIndex,
  file: SchemaFile | undefined,
  asked: string,
  sent: Set<SchemaFile>,
): ReflectionAnswer {
  if (file === undefined) return notFound(asked);
  const fresh = index.withDependencies(file).filter((one) => one === file || !sent.has(one));
  for (const one of fresh) sent.add(one);
  return { kind: "files", files: fresh.map((one) => one.bytes) };
}

function notFound(what: string): ReflectionAnswer {
  return { kind: "error", code: StatusCode.NOT_FOUND, message: `not found: ${what}` };
}
