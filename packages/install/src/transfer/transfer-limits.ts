/** What a server can make us wait for, hold or do. */
export interface TransferLimits {
  /** From the request until all headers are there, with connection and TLS. Default 30 s. */
  readonly headerMs: number;
  /** Within each such time `stallBytes` must arrive. Default 30 s. */
  readonly stallMs: number;
  /** Default 16 KiB; the last part of a body may be smaller. */
  readonly stallBytes: number;
  /** One document, with redirects and retries. Default 2 min. */
  readonly documentMs: number;
  /** One artefact, with redirects and retries. Default 1 h. */
  readonly artifactMs: number;
  /** Default 16 MiB. */
  readonly documentBytes: number;
  /** Default 2 GiB. */
  readonly artifactBytes: number;
  /** Redirects in a row. Default 10. */
  readonly redirects: number;
  /** Tries after the first. Default 4. */
  readonly retries: number;
  /** Before the first retry; each later one waits twice as long. Default 0.5 s. */
  readonly retryMs: number;
  /** The longest `Retry-After` that is waited for; a longer one ends the transfer. Default 60 s. */
  readonly retryAfterMs: number;
}

export const defaultTransferLimits: TransferLimits = {
  headerMs: 30_000,
  stallMs: 30_000,
  stallBytes: 16 * 1024,
  documentMs: 120_000,
  artifactMs: 3_600_000,
  documentBytes: 16 * 1024 * 1024,
  artifactBytes: 2 * 1024 * 1024 * 1024,
  redirects: 10,
  retries: 4,
  retryMs: 500,
  retryAfterMs: 60_000,
};
