import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";

/**
 * The file that a command names: a path as it is seen from `cwd`, or the first match on the search path.
 * undefined if there is none.
 */
export function resolveCommand(command: string, cwd: string, searchPath: string): string | undefined {
  if (command.includes("/") || (process.platform === "win32" && command.includes("\\"))) {
    const path = resolve(cwd, command);
    return isFile(path) ? path : undefined;
  }
  const candidates = searchPath.split(delimiter).map((folder) => join(resolve(cwd, folder), command));
  return candidates.flatMap(withExtensions).find((path) => isFile(path) && isExecutable(path));
}

function withExtensions(path: string): string[] {
  return process.platform === "win32" ? [path, `${path}.exe`, `${path}.cmd`, `${path}.bat`] : [path];
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

/** True if this process may execute the file, as far as its mode says. */
export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
