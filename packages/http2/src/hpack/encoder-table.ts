import { DynamicTable, entryOverheadBytes } from "./dynamic-table.ts";
import { staticCount, staticTable } from "./static-table.ts";

// What is known of one name: where it stands in the static table, and its values in both tables.
interface NameEntry {
  /** 0 if the name is not in the static table. */
  readonly staticIndex: number;
  readonly staticValues: readonly string[];
  values: { value: string; sequence: number }[];
}

const notStatic: readonly string[] = [];
const staticNames: ReadonlyMap<string, { index: number; values: readonly string[] }> = indexStaticNames();

function indexStaticNames(): Map<string, { index: number; values: string[] }> {
  const names = new Map<string, { index: number; values: string[] }>();
  for (let i = 0; i < staticCount; i++) {
    const name = staticTable[2 * i] as string;
    const entry = names.get(name);
    if (entry === undefined) names.set(name, { index: i + 1, values: [staticTable[2 * i + 1] as string] });
    else entry.values.push(staticTable[2 * i + 1] as string);
  }
  return names;
}

/** Both tables as an encoder sees them: from a field to its index. */
export class EncoderTable {
  readonly #table: DynamicTable;
  #names = new Map<string, NameEntry>();

  constructor(maxBytes: number) {
    this.#table = new DynamicTable(maxBytes);
  }

  get generation(): number {
    return this.#table.generation;
  }

  get maxBytes(): number {
    return this.#table.maxBytes;
  }

  resize(maxBytes: number): void {
    this.#table.resize(maxBytes);
  }

  /** False for a field that is larger than the whole table: inserting it would only empty the table. */
  fits(name: string, value: string): boolean {
    return name.length + value.length + entryOverheadBytes <= this.#table.maxBytes;
  }

  wouldEvict(name: string, value: string): boolean {
    return this.#table.wouldEvict(name.length + value.length + entryOverheadBytes);
  }

  /** The index of the whole field, or 0. */
  fieldIndex(name: string, value: string): number {
    const entry = this.#entry(name);
    const inStatic = entry.staticValues.indexOf(value);
    if (inStatic >= 0 && value !== "") return entry.staticIndex + inStatic;
    for (const known of entry.values) {
      if (known.value === value && this.#table.holds(known.sequence)) return this.#indexOf(known.sequence);
    }
    return 0;
  }

  /** The index of a field with that name, or 0. */
  nameIndex(name: string): number {
    const entry = this.#entry(name);
    if (entry.staticIndex !== 0) return entry.staticIndex;
    const newest = entry.values.at(-1);
    return newest !== undefined && this.#table.holds(newest.sequence) ? this.#indexOf(newest.sequence) : 0;
  }

  /** To be called only for a field that fits. */
  insert(name: string, value: string): void {
    const entry = this.#entry(name);
    entry.values = entry.values.filter((known) => this.#table.holds(known.sequence));
    entry.values.push({ value, sequence: this.#table.nextSequence });
    this.#table.insert(name, value);
  }

  #indexOf(sequence: number): number {
    return staticCount + this.#table.nextSequence - sequence;
  }

  #entry(name: string): NameEntry {
    let entry = this.#names.get(name);
    if (entry === undefined) {
      const known = staticNames.get(name);
      entry = { staticIndex: known?.index ?? 0, staticValues: known?.values ?? notStatic, values: [] };
      if (this.#names.size >= maxNames) this.#forgetUnused();
      this.#names.set(name, entry);
    }
    return entry;
  }

  #forgetUnused(): void {
    for (const [name, entry] of this.#names) {
      if (!entry.values.some((known) => this.#table.holds(known.sequence))) this.#names.delete(name);
    }
  }
}

// More names than the default table has entries.
const maxNames = 512;
