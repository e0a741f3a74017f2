import { InstallError } from "../install-error.ts";

/** A JSON object that a server or a file gave, of which nothing is taken for granted. */
export class JsonObject {
  readonly #value: Readonly<Record<string, unknown>>;
  /** Where it is from, for messages. */
  readonly where: string;

  constructor(value: unknown, where: string) {
    if (!isObject(value)) throw malformed(where, "an object is expected");
    this.#value = value;
    this.where = where;
  }

  /** @throws InstallError `refused` if it is no JSON, or no object */
  static parse(bytes: Uint8Array, where: string): JsonObject {
    return new JsonObject(parseText(bytes, where), where);
  }

  /** The same of a list of objects. */
  static parseList(bytes: Uint8Array, where: string): readonly JsonObject[] {
    return new JsonObject({ list: parseText(bytes, where) }, where).objects("list");
  }

  get names(): readonly string[] {
    return Object.keys(this.#value);
  }

  text(name: string): string {
    const text = this.textIfThere(name);
    if (text === undefined) throw malformed(this.where, `${name} must be there, a text`);
    return text;
  }

  textIfThere(name: string): string | undefined {
    const value = this.#get(name);
    if (value === undefined || value === null) return undefined;
    if (typeof value !== "string") throw malformed(this.where, `${name} must be a text`);
    return value;
  }

  isTrue(name: string): boolean {
    return this.#get(name) === true;
  }

  object(name: string): JsonObject {
    return new JsonObject(this.#get(name), `${this.where}: ${name}`);
  }

  objectIfThere(name: string): JsonObject | undefined {
    const value = this.#get(name);
    return value === undefined || value === null ? undefined : this.object(name);
  }

  /** An absent list is an empty one. */
  objects(name: string): readonly JsonObject[] {
    return this.#list(name).map((item, index) => new JsonObject(item, `${this.where}: ${name}[${index}]`));
  }

  /** An absent list is an empty one. */
  texts(name: string): readonly string[] {
    return this.#list(name).map((item) => {
      if (typeof item !== "string") throw malformed(this.where, `${name} must be a list of texts`);
      return item;
    });
  }

  #list(name: string): readonly unknown[] {
    const value = this.#get(name) ?? [];
    if (!Array.isArray(value)) throw malformed(this.where, `${name} must be a list`);
    return value;
  }

  #get(name: string): unknown {
    return Object.hasOwn(this.#value, name) ? this.#value[name] : undefined;
  }
}

/** What came is not what this kind of source gives. */
export function malformed(where: string, why: string): InstallError {
  return new InstallError("refused", `${where} was not understood: ${why}`, { facts: { where } });
}

function parseText(bytes: Uint8Array, where: string): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString("utf8"));
  } catch {
    throw malformed(where, "it is not JSON");
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
