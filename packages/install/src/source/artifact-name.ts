import { InstallError } from "../install-error.ts";
import type { SourceAddress } from "./source-address.ts";

/**
 * The name of what is fetched: `?filename=`, else the last part of the path. `?archive=zip` has the last word on what
 * kind of archive it is, which names decide; `?archive=false` says that it is none, and leaves the name as it is.
 */
export function artifactName(address: SourceAddress, path: string): string {
  const name = address.parameters.get("filename") ?? lastPart(path);
  if (!/^[^/\\\0]+$/.test(name) || name === "." || name === "..")
    throw new InstallError("bad-source", `"${name}" is no file's name: say one with ?filename=NAME`);
  const archive = address.parameters.get("archive");
  const isKind = archive !== undefined && archive !== "false" && archive !== "true";
  return isKind && !name.toLowerCase().endsWith(`.${archive}`) ? `${name}.${archive}` : name;
}

function lastPart(path: string): string {
  const part = path.split(/[/\\]/).findLast((piece) => piece !== "") ?? "";
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
