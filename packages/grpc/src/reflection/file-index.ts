import { WireReader } from "../wire/wire-reader.ts";

/** A file of a schema: its serialized FileDescriptorProto and what it imports. */
export interface SchemaFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly dependencies: readonly string[];
}

interface Scope {
  readonly file: SchemaFile;
  /** With a dot at the end, unless empty. */
  readonly prefix: string;
}

/** Finds files by name, by the symbols they declare and by the extensions they hold. */
export class FileIndex {
  readonly #files = new Map<string, SchemaFile>();
  readonly #bySymbol = new Map<string, SchemaFile>();
  // Extended type → field number → file.
  readonly #extensions = new Map<string, Map<number, SchemaFile>>();

  /** Adds a serialized FileDescriptorProto; one whose name is known is left out. Throws WireError. */
  add(bytes: Uint8Array): void {
    const fields = collect(bytes);
    const name = fields.text(1);
    if (this.#files.has(name)) return;
    const file: SchemaFile = { name, bytes, dependencies: fields.texts(3) };
    this.#files.set(name, file);
    const pkg = fields.text(2);
    const scope: Scope = { file, prefix: pkg === "" ? "" : `${pkg}.` };
    for (const message of fields.chunks(4)) this.#addMessage(message, scope);
    for (const enumeration of fields.chunks(5)) this.#addEnum(enumeration, scope);
    for (const service of fields.chunks(6)) this.#addNamed(service, scope, [2]);
    for (const extension of fields.chunks(7)) this.#addExtension(extension, scope);
  }

  file(name: string): SchemaFile | undefined {
    return this.#files.get(name);
  }

  /** The file that declares a message, field, oneof, enum, enum value, service, method or extension. */
  declaring(symbol: string): SchemaFile | undefined {
    return this.#bySymbol.get(symbol);
  }

  /** The file with the extension of `type` that has this number. */
  extending(type: string, number: number): SchemaFile | undefined {
    return this.#extensions.get(type)?.get(number);
  }

  /** The numbers of all extensions of `type`, sorted, or undefined if the type is not known. */
  extensionNumbers(type: string): readonly number[] | undefined {
    const numbers = this.#extensions.get(type);
    if (numbers !== undefined) return [...numbers.keys()].sort((a, b) => a - b);
    return this.#bySymbol.has(type) ? [] : undefined;
  }

  /** A file and all that it imports, each once, itself first. */
  withDependencies(file: SchemaFile): SchemaFile[] {
    const found = new Set([file]);
    for (const { dependencies } of found) {
      for (const name of dependencies) {
        const dependency = this.#files.get(name);
        if (dependency !== undefined) found.add(dependency);
      }
    }
    return [...found];
  }

  #addMessage(bytes: Uint8Array, scope: Scope): void {
    // DescriptorProto: fields 2, oneofs 8, nested messages 3, enums 4, extensions 6.
    const inner = this.#addNamed(bytes, scope, [2, 8]);
    const fields = collect(bytes);
    for (const message of fields.chunks(3)) this.#addMessage(message, inner);
    for (const enumeration of fields.chunks(4)) this.#addEnum(enumeration, inner);
    for (const extension of fields.chunks(6)) this.#addExtension(extension, inner);
  }

  // The values of an enum are siblings of it, not its members.
  #addEnum(bytes: Uint8Array, scope: Scope): void {
    this.#addNamed(bytes, scope, []);
    for (const value of collect(bytes).chunks(2)) this.#addNamed(value, scope, []);
  }

  #addExtension(bytes: Uint8Array, scope: Scope): void {
    this.#addNamed(bytes, scope, []);
    const fields = collect(bytes);
    const type = fields.text(2).replace(/^\./, "");
    const numbers = this.#extensions.get(type) ?? new Map<number, SchemaFile>();
    this.#extensions.set(type, numbers.set(fields.number(3), scope.file));
  }

  // Every descriptor has its name in field 1; `members` are fields whose elements are named within it.
  #addNamed(bytes: Uint8Array, scope: Scope, members: readonly number[]): Scope {
    const fields = collect(bytes);
    const name = scope.prefix + fields.text(1);
    this.#bySymbol.set(name, scope.file);
    const inner = { file: scope.file, prefix: `${name}.` };
    for (const member of members) {
      for (const bytesOfMember of fields.chunks(member)) this.#addNamed(bytesOfMember, inner, []);
    }
    return inner;
  }
}

interface Fields {
  text(field: number): string;
  texts(field: number): string[];
  chunks(field: number): readonly Uint8Array[];
  number(field: number): number;
}

// A descriptor's fields by number, as far as they matter here.
function collect(bytes: Uint8Array): Fields {
  const chunks = new Map<number, Uint8Array[]>();
  const numbers = new Map<number, number>();
  const reader = new WireReader(bytes);
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    if (reader.isVarint) numbers.set(field, reader.int32());
    else if (reader.isChunk) {
      const list = chunks.get(field);
      if (list === undefined) chunks.set(field, [reader.view()]);
      else list.push(reader.view());
    } else reader.skip();
  }
  const decoder = new TextDecoder();
  return {
    text: (field) => decoder.decode(chunks.get(field)?.at(-1)),
    texts: (field) => (chunks.get(field) ?? []).map((chunk) => decoder.decode(chunk)),
    chunks: (field) => chunks.get(field) ?? [],
    number: (field) => numbers.get(field) ?? 0,
  };
}
