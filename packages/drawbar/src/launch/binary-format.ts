/** What the head of an executable file says about the machine that it is for. */
export type BinaryFormat =
  | { readonly kind: "ELF" | "MachO" | "PE"; readonly architecture: string }
  | { readonly kind: "script"; readonly interpreter: string }
  | { readonly kind: "unknown" };

/** How much of a file `readBinaryFormat` looks at. */
export const binaryHeadBytes: number = 4096;

// Named as node's `process.arch` names them.
const elfMachines: Readonly<Record<number, string>> = {
  3: "ia32",
  8: "mips",
  21: "ppc64",
  22: "s390x",
  40: "arm",
  62: "x64",
  183: "arm64",
  243: "riscv64",
  258: "loong64",
};
const machoCpus: Readonly<Record<number, string>> = {
  7: "ia32",
  12: "arm",
  16777223: "x64",
  16777228: "arm64",
};
const peMachines: Readonly<Record<number, string>> = {
  332: "ia32",
  448: "arm",
  25188: "loong64",
  34404: "x64",
  43620: "arm64",
};

/** Reads the head of a file; whatever is too short or unheard of is `unknown`. */
export function readBinaryFormat(head: Buffer): BinaryFormat {
  const magic = head.length >= 20 ? head.readUInt32BE(0) : 0;
  if (magic === 0x7f454c46)
    return named("ELF", elfMachines, head[5] === 2 ? head.readUInt16BE(18) : head.readUInt16LE(18));
  if (magic === 0xcefaedfe || magic === 0xcffaedfe) return named("MachO", machoCpus, head.readUInt32LE(4));
  if (magic === 0xcafebabe) return { kind: "MachO", architecture: "universal" };
  if (head.subarray(0, 2).toString("latin1") === "MZ") return readPe(head);
  const script = /^#![ \t]*(\S+)/.exec(head.toString("latin1"));
  return script?.[1] === undefined ? { kind: "unknown" } : { kind: "script", interpreter: script[1] };
}

/** True if a file of this format cannot run here, whatever its mode. */
export function isForeignBinary(format: BinaryFormat, platform: string, architecture: string): boolean {
  if (format.kind === "unknown" || format.kind === "script") return false;
  const home = platform === "win32" ? "PE" : platform === "darwin" ? "MachO" : "ELF";
  return (
    format.kind !== home || (format.architecture !== architecture && format.architecture !== "universal")
  );
}

function readPe(head: Buffer): BinaryFormat {
  const offset = head.length >= 64 ? head.readUInt32LE(60) : 0;
  const inside =
    offset > 0 && offset + 6 <= head.length && head.subarray(offset, offset + 2).toString("latin1") === "PE";
  return inside ? named("PE", peMachines, head.readUInt16LE(offset + 4)) : { kind: "unknown" };
}

function named(
  kind: "ELF" | "MachO" | "PE",
  names: Readonly<Record<number, string>>,
  machine: number,
): BinaryFormat {
  return { kind, architecture: names[machine] ?? `machine ${machine}` };
}
