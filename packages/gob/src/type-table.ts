import { baseOf, type Node } from "./schema.ts";
import { writeTypeDefinition } from "./type-definition.ts";
import { basicIdOf, typeNameOf, wireKeyOf } from "./wire-shape.ts";
import { type Definition, firstStreamTypeId, type WireField } from "./wire-type.ts";
import { Writer } from "./writer.ts";

// Recursion through slices, arrays or maps alone (type T []T): the key of T would be endless.
const inProgress = -1;

/**
 * The types an encoder has defined on its stream. `idOf` gives a node's type id, writing what its
 * definition needs to `definitions`, whose bytes must go out ahead of the value.
 *
 * Ids are given in Go's order (a struct before its fields, other types after their elements) and
 * definitions are sent in Go's order (outer types first).
 */
export class TypeTable {
  readonly definitions: Writer = new Writer();
  readonly #ids = new Map<string, number>();
  readonly #sent = new Set<number>();
  readonly #idByNode = new Map<Node, number>();
  #next = firstStreamTypeId;
  #journal: number[] = [];

  idOf(node: Node): number {
    const known = this.#idByNode.get(node);
    if (known !== undefined && (known < firstStreamTypeId || this.#sent.has(known))) return known;
    const id = this.#assign(node);
    this.#idByNode.set(node, id);
    this.#send(node, true);
    return id;
  }

  /** What was defined since the last call has been sent. */
  commit(): void {
    if (this.#journal.length > 0) this.#journal = [];
  }

  /** What was defined since `commit` will not be sent after all. Ids stay with their types. */
  rollback(): void {
    for (const id of this.#journal) this.#sent.delete(id);
    this.#journal = [];
    this.definitions.rewind(0);
  }

  #assign(node: Node): number {
    const basic = basicIdOf(node);
    if (basic !== undefined) return basic;
    const key = wireKeyOf(node);
    const known = this.#ids.get(key);
    if (known !== undefined && known !== inProgress) return known;
    const base = baseOf(node);
    // The element of a type in progress is that type: it needs its id now.
    if (base.kind === "struct" || base.kind === "codec" || known === inProgress) return this.#give(key, base);
    this.#ids.set(key, inProgress);
    if (base.kind === "map") this.#assign(base.key);
    if (base.kind === "map" || base.kind === "slice" || base.kind === "array") this.#assign(base.element);
    const meanwhile = this.#ids.get(key);
    return meanwhile === undefined || meanwhile === inProgress ? this.#give(key, base) : meanwhile;
  }

  #give(key: string, base: Node): number {
    const id = this.#next++;
    this.#ids.set(key, id);
    if (base.kind === "struct") for (const field of base.fields) this.#assign(field.node);
    return id;
  }

  #send(node: Node, isTop: boolean): void {
    if (basicIdOf(node) !== undefined) return;
    const id = this.#assign(node);
    if (this.#sent.has(id)) return;
    this.#sent.add(id);
    this.#journal.push(id);
    const base = baseOf(node);
    this.#define(this.#describe(base, id, isTop));
    if (base.kind === "struct") for (const field of base.fields) this.#send(field.node, false);
    if (base.kind === "map") this.#send(base.key, false);
    if (base.kind === "map" || base.kind === "slice" || base.kind === "array")
      this.#send(base.element, false);
  }

  #define(type: Definition): void {
    const w = this.definitions;
    const mark = w.beginLength(1);
    w.int(-type.id);
    writeTypeDefinition(w, type);
    w.endLength(mark, 1);
  }

  #describe(base: Node, id: number, isTop: boolean): Definition {
    // Go names an unnamed type only where it is a struct's field.
    const name = isTop && base.kind !== "struct" && base.kind !== "codec" ? "" : typeNameOf(base);
    switch (base.kind) {
      case "struct": {
        const fields = base.fields.map(
          (field): WireField => ({ name: field.name, type: this.#assign(field.node) }),
        );
        return { kind: "struct", id, name, fields };
      }
      case "map":
        return { kind: "map", id, name, key: this.#assign(base.key), element: this.#assign(base.element) };
      case "slice":
        return { kind: "slice", id, name, element: this.#assign(base.element) };
      case "array":
        return { kind: "array", id, name, element: this.#assign(base.element), length: base.length };
      case "codec":
        return { kind: "codec", id, name, method: base.codec.method };
      default:
        throw new TypeError(`gob: ${base.kind} has no definition`);
    }
  }
}
