import {
  create,
  createFileRegistry,
  type DescMethod,
  type DescService,
  type FileRegistry,
  fromBinary,
} from "@bufbuild/protobuf";
import {
  type FileDescriptorProto,
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
} from "@bufbuild/protobuf/wkt";
import { isDrawbarError, toError } from "@drawbar/io";
import { CommandError } from "../command-error.ts";
import { descriptorAdvice } from "./descriptor-advice.ts";
import type { ReflectionClient } from "./reflection-client.ts";
import { isUsualService } from "./usual-services.ts";

/** What is known of a plugin's services. */
export interface Schema {
  readonly registry: FileRegistry;
  /** In alphabetical order. */
  readonly services: readonly DescService[];
}

/** The schema in a serialized FileDescriptorSet, as protoc and buf write it. */
export function schemaOfSet(bytes: Uint8Array): Schema {
  try {
    return schemaOf(fromBinary(FileDescriptorSetSchema, bytes).file);
  } catch (cause) {
    throw new CommandError(
      "descriptor-invalid",
      "the descriptor file is no complete FileDescriptorSet; write it with protoc --include_imports -o FILE",
      { cause },
    );
  }
}

/** The names of the services that a server has. */
export async function serviceNames(client: ReflectionClient): Promise<readonly string[]> {
  const answer = await client.ask({ kind: "listServices" });
  return answer.kind === "services" ? answer.names : [];
}

/**
 * The schema of these services. One without descriptors is left out.
 * @throws CommandError `descriptor-invalid` for descriptors that cannot be read, or that are not complete
 */
export async function reflectedSchema(client: ReflectionClient, names: readonly string[]): Promise<Schema> {
  const sent: Uint8Array[] = [];
  for (const symbol of names) {
    const answer = await client.ask({ kind: "fileContainingSymbol", symbol });
    if (answer.kind === "files") sent.push(...answer.files);
  }
  try {
    const files = new Map<string, FileDescriptorProto>();
    addFiles(files, sent);
    await addDependencies(client, files);
    return schemaOf([...files.values()], new Set(names));
  } catch (cause) {
    if (isDrawbarError(cause)) throw cause;
    throw new CommandError(
      "descriptor-invalid",
      `what the plugin tells of its services by reflection cannot be used: ${toError(cause).message}; ${descriptorAdvice}`,
      { cause },
    );
  }
}

function addFiles(files: Map<string, FileDescriptorProto>, added: readonly Uint8Array[]): void {
  for (const bytes of added) {
    const file = fromBinary(FileDescriptorProtoSchema, bytes);
    files.set(file.name, file);
  }
}

// A server may answer with the files that were asked for alone.
async function addDependencies(
  client: ReflectionClient,
  files: Map<string, FileDescriptorProto>,
): Promise<void> {
  const asked = new Set<string>();
  for (;;) {
    const wanted = [...files.values()].flatMap(({ dependency }) => dependency);
    const missing = wanted.find((name) => !files.has(name) && !asked.has(name));
    if (missing === undefined) return;
    asked.add(missing);
    const answer = await client.ask({ kind: "fileByFilename", name: missing });
    if (answer.kind === "files") addFiles(files, answer.files);
  }
}

function schemaOf(file: readonly FileDescriptorProto[], names?: ReadonlySet<string>): Schema {
  const registry = createFileRegistry(create(FileDescriptorSetSchema, { file: inOrder(file) }));
  const services = [...registry].filter((desc) => desc.kind === "service");
  const wanted = services.filter(({ typeName }) => names?.has(typeName) ?? true);
  return { registry, services: wanted.sort((a, b) => (a.typeName < b.typeName ? -1 : 1)) };
}

// The registry wants every file after those that it imports.
function inOrder(files: readonly FileDescriptorProto[]): FileDescriptorProto[] {
  const byName = new Map(files.map((file) => [file.name, file]));
  const ordered = new Set<FileDescriptorProto>();
  const visit = (file: FileDescriptorProto): void => {
    byName.delete(file.name);
    for (const name of file.dependency) {
      const next = byName.get(name);
      if (next !== undefined) visit(next);
    }
    ordered.add(file);
  };
  for (const file of files) if (byName.has(file.name)) visit(file);
  return [...ordered];
}

/**
 * The method of a name: `package.Service/Method`, `package.Service.Method`, or as much of its end as is not
 * ambiguous.
 */
export function findMethod({ services }: Schema, name: string): DescMethod {
  const wanted = name.replace(/^\//, "").replaceAll("/", ".");
  const methods = services.flatMap((service) => service.methods);
  const fits = methods.filter((method) => `.${fullName(method)}`.endsWith(`.${wanted}`));
  const exact = fits.find((method) => fullName(method) === wanted);
  const [only] = fits;
  if (exact !== undefined) return exact;
  if (only !== undefined && fits.length === 1) return only;
  const own = methods.filter(({ parent }) => !isUsualService(parent.typeName));
  const shown = fits.length > 0 ? fits : own.length > 0 ? own : methods;
  const known = shown.map((method) => `  ${showMethod(method)}`);
  const what = fits.length > 0 ? "is the name of several methods" : "is no method of the plugin; it has";
  throw new CommandError("method-unknown", `${name} ${what}:\n${known.join("\n")}`, {
    facts: { method: name },
  });
}

function fullName({ parent, name }: DescMethod): string {
  return `${parent.typeName}.${name}`;
}

/** `package.Service/Method(stream Request) returns (Reply)` */
export function showMethod({ parent, name, methodKind, input, output }: DescMethod): string {
  const sends = methodKind === "client_streaming" || methodKind === "bidi_streaming" ? "stream " : "";
  const gets = methodKind === "server_streaming" || methodKind === "bidi_streaming" ? "stream " : "";
  return `${parent.typeName}/${name}(${sends}${input.typeName}) returns (${gets}${output.typeName})`;
}
