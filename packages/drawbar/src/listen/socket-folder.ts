import { chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DrawbarError } from "@drawbar/io";
import type { Environment } from "../handshake/plugin-environment.ts";
import { folderPrefix, folderVariable, isFolderName } from "./folder-name.ts";

/** sun_path holds 108 bytes on Linux and 104 on macOS and the BSDs, a NUL among them. */
export const maxSocketPathBytes: number = process.platform === "linux" ? 107 : 103;

/** The longest name that a socket in such a folder may have. */
export const longestSocketName: string = "plugin.sock";

/**
 * A private folder (mode 0700) for a process's sockets: in the folder that the host names, else in the
 * system's temporary folder, else, where paths there are too long for a socket, in a shorter one.
 */
export class SocketFolder {
  readonly #path: string;
  readonly #gid: number | undefined;

  constructor(env: Environment) {
    const group = env["PLUGIN_UNIX_SOCKET_GROUP"] ?? "";
    this.#gid = group === "" ? undefined : groupId(group);
    this.#path = makeFolder(env);
    try {
      if (this.#gid !== undefined) setGroup(this.#path, this.#gid, 0o770);
    } catch (error) {
      this.remove();
      throw error;
    }
  }

  /** The path of a socket in it; a name has at most 11 characters. */
  socketPath(name: string): string {
    return join(this.#path, name);
  }

  /** Gives a socket the group that the host wants: to be called once the socket exists. */
  applyGroup(socketPath: string): void {
    if (this.#gid !== undefined) setGroup(socketPath, this.#gid, 0o660);
  }

  /** Removes it and every socket in it. */
  remove(): void {
    rmSync(this.#path, { recursive: true, force: true });
  }
}

function makeFolder(env: Environment): string {
  const fromHost = env["PLUGIN_UNIX_SOCKET_DIR"] ?? "";
  if (fromHost !== "") {
    if (!fits(fromHost)) throw tooLong(fromHost, "the host must choose a shorter PLUGIN_UNIX_SOCKET_DIR");
    return mkdtempSync(join(fromHost, folderPrefix));
  }
  const temporary = temporaryOf(process.env);
  for (const parent of parentsOf(temporary, env)) {
    try {
      return makeIn(parent, env[folderVariable] ?? "");
    } catch {
      // Missing, or not ours to write to: the next one.
    }
  }
  throw tooLong(temporary, "set TMPDIR to a shorter path that can be written to");
}

// As node's tmpdir does where there are unix sockets. That is in node:os, which takes a plugin's start a millisecond.
function temporaryOf(env: Environment): string {
  const folder = env["TMPDIR"] || env["TMP"] || env["TEMP"] || "/tmp";
  return folder.length > 1 && folder.endsWith("/") ? folder.slice(0, -1) : folder;
}

/** Where a process with these variables makes its folder: in the first of them that it can. */
function parentsOf(temporary: string, env: Environment): string[] {
  const all = [temporary, env["XDG_RUNTIME_DIR"] ?? "", "/tmp", "/var/tmp", "/dev/shm"];
  return all.filter((parent) => parent !== "" && fits(parent));
}

function makeIn(parent: string, wanted: string): string {
  if (isFolderName(wanted)) {
    const path = join(parent, wanted);
    try {
      mkdirSync(path, { mode: 0o700 });
      return path;
    } catch (error) {
      // Another process of the same environment was first.
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }
  return mkdtempSync(join(parent, folderPrefix));
}

/** Where the socket of a plugin with these variables may be, if it took the name that they have for its folder. */
export function unannouncedSockets(env: Environment): string[] {
  const name = env[folderVariable];
  if (name === undefined) return [];
  return parentsOf(temporaryOf(env), env).map((parent) => join(parent, name, longestSocketName));
}

function fits(parent: string): boolean {
  return (
    Buffer.byteLength(join(parent, `${folderPrefix}XXXXXX`, longestSocketName)) <= maxSocketPathBytes &&
    !/[|\n]/.test(parent)
  );
}

function tooLong(folder: string, advice: string): DrawbarError {
  return new DrawbarError(
    "socket-path-unusable",
    `no unix socket can be made in ${folder}: its path would be over ${maxSocketPathBytes} bytes or hold a "|"; ${advice}`,
    { facts: { folder, maxPathBytes: maxSocketPathBytes } },
  );
}

function setGroup(path: string, gid: number, mode: number): void {
  chownSync(path, -1, gid);
  chmodSync(path, mode);
}

/** The number of a group that is given by number or by its name in /etc/group. */
export function groupId(group: string): number {
  if (/^\d+$/.test(group)) return Number(group);
  const line = readFileSync("/etc/group", "utf8")
    .split("\n")
    .find((entry) => entry.startsWith(`${group}:`));
  const gid = line?.split(":")[2];
  if (gid === undefined) {
    throw new DrawbarError(
      "socket-group-unknown",
      `failed to find gid from ${JSON.stringify(group)} (PLUGIN_UNIX_SOCKET_GROUP)`,
    );
  }
  return Number(gid);
}
