import { baseOf, type Node, type StructNode } from "./schema.ts";

/** Where a received field goes: through which embedded structs, and its schema. */
export interface FoundField {
  readonly path: readonly string[];
  readonly node: Node;
}

/**
 * The schema's field for a name on the wire, as Go finds it: a field of the struct itself, or else of
 * its embedded structs, the least deep first; two at the same depth hide each other.
 */
export function findField(struct: StructNode, name: string): FoundField | undefined {
  const seen = new Set<StructNode>();
  let level: { readonly struct: StructNode; readonly path: readonly string[] }[] = [{ struct, path: [] }];
  while (level.length > 0) {
    const found: FoundField[] = [];
    const next: typeof level = [];
    for (const { struct: at, path } of level) {
      if (seen.has(at)) continue;
      seen.add(at);
      for (const field of at.fields) {
        if (field.name === name) found.push({ path: [...path, name], node: field.node });
        const base = field.embedded ? baseOf(field.node) : undefined;
        if (base?.kind === "struct") next.push({ struct: base, path: [...path, field.name] });
      }
    }
    if (found.length > 0) return found.length === 1 ? found[0] : undefined;
    level = next;
  }
  return undefined;
}
