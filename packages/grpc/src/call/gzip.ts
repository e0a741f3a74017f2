import { type MessageLimit, messageTooLarge } from "../codec/message-limit.ts";
import { StatusError } from "../status/status-error.ts";

type Zlib = typeof import("node:zlib");

// node hands out its own modules synchronously, so that a program that never compresses never loads zlib.
interface BuiltinModules {
  getBuiltinModule?(name: "node:zlib"): Zlib | undefined;
}

let loaded: Zlib | undefined;

function zlib(): Zlib {
  loaded ??= (globalThis as { process?: BuiltinModules }).process?.getBuiltinModule?.("node:zlib");
  if (loaded !== undefined) return loaded;
  throw new StatusError("UNIMPLEMENTED", "gzip needs node:zlib, which this runtime does not offer");
}

/** The message compressed with gzip. */
export function gzip(message: Uint8Array): Uint8Array {
  return zlib().gzipSync(message);
}

/** The message that was compressed, never inflating to more than the limit. Throws StatusError. */
export function gunzip(compressed: Uint8Array, limit: MessageLimit): Uint8Array {
  try {
    return zlib().gunzipSync(compressed, { maxOutputLength: Math.max(1, limit.bytes) });
  } catch (error) {
    if (error instanceof StatusError) throw error;
    if ((error as { code?: unknown }).code === "ERR_BUFFER_TOO_LARGE") {
      throw messageTooLarge(limit.bytes + 1, limit, "received");
    }
    throw new StatusError("INTERNAL", "a compressed message is not valid gzip", { cause: error });
  }
}
