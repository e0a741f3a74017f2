import type { InstallErrorCode } from "@drawbar/install";

/** An archive that must be refused: what is in it, its bytes, and the error's code and message. */
export type Hostile = readonly [what: string, bytes: Buffer, code: InstallErrorCode, message: RegExp];
