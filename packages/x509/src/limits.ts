import { X509Error } from "./error.ts";

/** Bounds on what untrusted input can make a parser hold or do. Every field has a default. */
export interface X509Limits {
  /** Bytes of one certificate, request or key in DER. Default 64 KiB. */
  readonly derBytes: number;
  /** Characters of PEM text. Default 1 MiB. */
  readonly pemBytes: number;
  /** Blocks in one PEM text. Default 256. */
  readonly pemBlocks: number;
  /** Constructed values inside one another. Default 16; a certificate's own structure needs 9. */
  readonly depth: number;
  /** Entries of any one list (name attributes, extensions, alternative names, usages). Default 1024. */
  readonly items: number;
}

/** The limits that hold where none are given. */
export const defaultLimits: X509Limits = {
  derBytes: 64 * 1024,
  pemBytes: 1024 * 1024,
  pemBlocks: 256,
  depth: 16,
  items: 1024,
};

/** The defaults with the caller's changes. */
export function withDefaults(limits: Partial<X509Limits> | undefined): X509Limits {
  return limits === undefined ? defaultLimits : { ...defaultLimits, ...limits };
}

/** Throws `limit_exceeded` when `actual` is more than `limit`. */
export function checkLimit(what: string, actual: number, limit: number): void {
  if (actual > limit) {
    throw new X509Error("limit_exceeded", `${what}: ${actual} is more than the limit of ${limit}`, {
      facts: { what, actual, limit },
    });
  }
}
