import { malformed } from "./json.ts";

/** The name itself, if it is one of a file and no path: servers say where things are, not where they go. */
export function plainName(name: string, where: string): string {
  const isPlain = /^[^/\\\0]{1,255}$/.test(name) && name !== "." && name !== "..";
  if (!isPlain) throw malformed(where, `"${name.slice(0, 80)}" is no file's name`);
  return name;
}
