import { open, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { ifPresent } from "../exclusive/file-system.ts";
import { InstallError } from "../install-error.ts";
import { manifestName, staysWithin } from "../manifest/manifest.ts";
import { parseProgramName } from "../store/program-name.ts";

/** Which of the files that came is the program. */
export interface ChosenProgram {
  /** The folder that is the plugin: `folder`, or the single one in it. */
  readonly folder: string;
  /** Relative to it, with `/`. */
  readonly program: string;
  /** What the files say of the version, if they do. */
  readonly version: string | undefined;
}

/**
 * Finds the program of a plugin in what was unpacked, in this order: what a `manifest.json` or `package.json` calls
 * `program` or `bin`; `NAME_v1.2.3` with or without platform; `NAME`; `bin/NAME`; the only file that can be started.
 * A single folder that holds everything else is gone into.
 *
 * @throws InstallError `bad-manifest`
 */
export async function chooseProgram(folder: string, name: string): Promise<ChosenProgram> {
  const entries = await readdir(folder, { withFileTypes: true });
  const [only] = entries;
  if (entries.length === 1 && only?.isDirectory()) return chooseProgram(join(folder, only.name), name);
  const files = entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
  const stated = (await fromManifest(folder, name)) ?? (await fromPackage(folder, name));
  if (stated?.program !== undefined) return { folder, program: stated.program, version: stated.version };
  const named = files
    .map((file) => ({ file, ...parseProgramName(file) }))
    .filter((file) => file.name === name);
  const [best, second] = named;
  if (best !== undefined && second === undefined)
    return { folder, program: best.file, version: best.version };
  const version = stated?.version;
  for (const file of [name, `${name}.exe`, ...["js", "mjs", "cjs"].map((ending) => `${name}.${ending}`)]) {
    if (files.includes(file)) return { folder, program: file, version };
  }
  const inBin = (await ifPresent(readdir(join(folder, "bin")))) ?? [];
  if (inBin.includes(name)) return { folder, program: `bin/${name}`, version };
  const startable: string[] = [];
  for (const file of files) if (await canBeStarted(join(folder, file))) startable.push(file);
  const [program, another] = startable;
  if (program !== undefined && another === undefined) return { folder, program, version };
  throw noProgram(name, files, startable);
}

/** Whether a file is a program of some machine, or names its interpreter. */
export async function canBeStarted(path: string): Promise<boolean> {
  const start = await firstBytes(path, 4);
  return isScript(start) || nativeStarts.some((magic) => start.subarray(0, magic.length).equals(magic));
}

// ELF, Mach-O (each byte order, and several in one), Windows.
const nativeStarts = ["7f454c46", "cffaedfe", "feedfacf", "cafebabe", "4d5a"].map((hex) =>
  Buffer.from(hex, "hex"),
);

function isScript(start: Buffer): boolean {
  return start.subarray(0, 2).toString("latin1") === "#!";
}

async function firstBytes(path: string, count: number): Promise<Buffer> {
  const file = await open(path, "r");
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(count), 0, count, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

type Stated = { readonly program: string | undefined; readonly version: string | undefined } | undefined;

async function fromManifest(folder: string, name: string): Promise<Stated> {
  const value = await readJson(join(folder, manifestName));
  // Others use this name too: what has no program of ours says nothing.
  if (typeof value?.["program"] !== "string") return undefined;
  const stated = value["name"];
  if (typeof stated === "string" && stated !== name) {
    throw new InstallError(
      "bad-manifest",
      `the manifest is that of plugin ${JSON.stringify(stated)}, not of ${name}`,
      {
        facts: { name, stated },
      },
    );
  }
  return { program: within(value["program"]), version: textOf(value["version"]) };
}

async function fromPackage(folder: string, name: string): Promise<Stated> {
  const value = await readJson(join(folder, "package.json"));
  if (value === undefined) return undefined;
  const bin = value["bin"];
  const version = textOf(value["version"]);
  if (typeof bin === "string") return { program: within(bin), version };
  if (typeof bin !== "object" || bin === null) return { program: undefined, version };
  const programs = Object.entries(bin).filter(
    (entry): entry is [string, string] => typeof entry[1] === "string",
  );
  const [first, second] = programs;
  const wanted = programs.find(([key]) => key === name) ?? (second === undefined ? first : undefined);
  return { program: wanted === undefined ? undefined : within(wanted[1]), version };
}

function within(path: string): string {
  const program = path.replace(/^\.\//, "");
  if (staysWithin(program)) return program;
  throw new InstallError(
    "bad-manifest",
    `the program ${JSON.stringify(path)} is outside of the plugin's folder`,
  );
}

async function readJson(path: string): Promise<Readonly<Record<string, unknown>> | undefined> {
  const text = await ifPresent(readFile(path, "utf8"));
  try {
    const value: unknown = text === undefined ? undefined : JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function noProgram(name: string, files: readonly string[], startable: readonly string[]): InstallError {
  const why =
    startable.length > 1
      ? `which of ${startable.join(", ")} it is, nothing says`
      : `it has ${files.join(", ") || "no files"}`;
  return new InstallError(
    "bad-manifest",
    `what was fetched holds no program that can be taken for ${name}: ${why}; call it ${name}_vVERSION or name it as ` +
      `"program" in a ${manifestName}`,
    { facts: { name, files: files.slice(0, 50) } },
  );
}
