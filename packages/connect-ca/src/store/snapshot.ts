import { damaged } from "./sealed-file.ts";

/** All that a store holds; the numbers are the last of each sequence that were set aside. */
export interface Snapshot {
  readonly values: ReadonlyMap<string, string>;
  readonly sequences: ReadonlyMap<string, bigint>;
}

/** JSON, with numbers as text because they outgrow what JSON readers keep exact. */
export function encodeSnapshot({ values, sequences }: Snapshot): Uint8Array {
  const numbers = [...sequences].map(([name, last]) => [name, last.toString()]);
  const content = { values: Object.fromEntries(values), sequences: Object.fromEntries(numbers) };
  return Buffer.from(JSON.stringify(content));
}

/** What `encodeSnapshot` wrote. Its seal was good, so that anything else is another version's. */
export function decodeSnapshot(bytes: Uint8Array, path: string): Snapshot {
  const content = JSON.parse(Buffer.from(bytes).toString()) as {
    readonly values?: Readonly<Record<string, string>>;
    readonly sequences?: Readonly<Record<string, string>>;
  };
  if (content.values === undefined || content.sequences === undefined) {
    throw damaged(path, "it was written by another version");
  }
  const sequences = Object.entries(content.sequences).map(([name, last]): [string, bigint] => [
    name,
    BigInt(last),
  ]);
  return { values: new Map(Object.entries(content.values)), sequences: new Map(sequences) };
}
