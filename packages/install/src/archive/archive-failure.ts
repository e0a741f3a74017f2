import { InstallError } from "../install-error.ts";

/** An archive that breaks its format, or uses a part of it that is not read here. */
export function badArchive(why: string, cause?: unknown): InstallError {
  return new InstallError("bad-archive", `the archive cannot be read: ${why}`, { cause });
}

/** An entry that would do something outside its folder, or that different programs would unpack differently. */
export function unsafeEntry(name: string, why: string): InstallError {
  return new InstallError(
    "unsafe-archive",
    `the archive's entry ${quote(name)} ${why}; nothing was unpacked`,
    {
      facts: { entry: name },
    },
  );
}

/** More than the limits allow. */
export function tooLarge(why: string, facts: Readonly<Record<string, unknown>>): InstallError {
  return new InstallError("too-large", `the archive ${why}; nothing was unpacked`, { facts });
}

/** A name as a message can show it: escaped, and cut where it is long. */
export function quote(name: string): string {
  return JSON.stringify(name.length > 120 ? `${name.slice(0, 120)}…` : name);
}
