import type { Reader } from "./reader.ts";
import type { Node } from "./schema.ts";

/** Decodes one value from where the reader stands. */
export type DecodeOp = (r: Reader) => unknown;

/** How a wire type is decoded into a schema. */
export interface Plan {
  /** Set when compiled; a type that contains itself refers to its plan before that. */
  op: DecodeOp | undefined;
  /** For structs: that none of the wire's fields is in the schema, though both have some. */
  disjoint: boolean;
}

/** The plans of one decoder, by schema and wire type. */
export class PlanCache {
  readonly #plans = new Map<Node, Map<number, Plan>>();

  get(node: Node, id: number): Plan | undefined {
    return this.#plans.get(node)?.get(id);
  }

  set(node: Node, id: number, plan: Plan): void {
    let byId = this.#plans.get(node);
    if (byId === undefined) {
      byId = new Map();
      this.#plans.set(node, byId);
    }
    byId.set(id, plan);
  }

  delete(node: Node, id: number): void {
    this.#plans.get(node)?.delete(id);
  }
}
