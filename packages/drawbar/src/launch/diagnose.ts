import { closeSync, existsSync, openSync, readFileSync, readSync, type Stats, statSync } from "node:fs";
import { binaryHeadBytes, isForeignBinary, readBinaryFormat } from "./binary-format.ts";
import { isExecutable } from "./resolve-command.ts";

/** What can be seen from outside of a file that would not start as a plugin. */
export interface Diagnosis {
  /** For people: path, mode, owner, group, machine; empty if the file cannot be looked at. */
  readonly notes: string;
  /** The file is a program for another machine or system. */
  readonly foreign: boolean;
}

/** Looks at a plugin's file. Best effort: never throws. */
export function diagnose(path: string): Diagnosis {
  try {
    const stat = statSync(path);
    const format = readBinaryFormat(readHead(path));
    const lines = [
      `Path: ${path}`,
      `Mode: ${formatMode(stat.mode)}${executableNote(path)}`,
      ...ownerLines(stat),
    ];
    if (format.kind === "script") {
      const missing = existsSync(format.interpreter) ? "" : " (there is no such file)";
      lines.push(`Script for: ${format.interpreter}${missing}`);
    } else if (format.kind !== "unknown") {
      lines.push(
        `${format.kind} architecture: ${format.architecture} (current architecture: ${process.arch} on ${process.platform})`,
      );
    }
    const notes = `\nAdditional notes about plugin:\n${lines.map((line) => `  ${line}`).join("\n")}`;
    return { notes, foreign: isForeignBinary(format, process.platform, process.arch) };
  } catch {
    return { notes: "", foreign: false };
  }
}

function readHead(path: string): Buffer {
  const head = Buffer.alloc(binaryHeadBytes);
  try {
    const file = openSync(path, "r");
    try {
      return head.subarray(0, readSync(file, head, 0, head.length, 0));
    } finally {
      closeSync(file);
    }
  } catch {
    return head.subarray(0, 0);
  }
}

function formatMode(mode: number): string {
  const letters = [..."rwxrwxrwx"].map((letter, index) => (mode & (0o400 >> index) ? letter : "-"));
  return `-${letters.join("")}`;
}

function executableNote(path: string): string {
  return isExecutable(path) ? "" : " (this process may not execute it)";
}

function ownerLines(stat: Stats): string[] {
  const { getuid, getgid } = process;
  if (getuid === undefined || getgid === undefined) return [];
  const user = (id: number): string => `${id} [${nameOf("/etc/passwd", id)}]`;
  const group = (id: number): string => `${id} [${nameOf("/etc/group", id)}]`;
  return [
    `Owner: ${user(stat.uid)} (current: ${user(getuid())})`,
    `Group: ${group(stat.gid)} (current: ${group(getgid())})`,
  ];
}

// Both files have the name in the first field and the number in the third.
function nameOf(file: string, id: number): string {
  try {
    const line = readFileSync(file, "utf8")
      .split("\n")
      .find((entry) => entry.split(":")[2] === String(id));
    return line?.split(":")[0] ?? "?";
  } catch {
    return "?";
  }
}
