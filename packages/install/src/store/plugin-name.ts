import { InstallError } from "../install-error.ts";

// What is a file's name on every system, and cannot be taken for a path or an option.
const shape = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9])?$/;
const reservedOnWindows = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/** Letters, digits, `-`, `_` and `.` within; at most 64 characters. */
export function isPluginName(text: string): boolean {
  return shape.test(text) && !reservedOnWindows.test(text);
}

/** @throws InstallError `bad-source` */
export function checkPluginName(name: string): void {
  if (isPluginName(name)) return;
  throw new InstallError(
    "bad-source",
    `${JSON.stringify(name)} cannot be a plugin's name: expected letters and digits, and "-", "_" and "." between them`,
    { facts: { name } },
  );
}
