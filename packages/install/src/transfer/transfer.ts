import type { Credentials } from "./credentials/credentials.ts";

/** Fetches over HTTP and HTTPS, within bounds. What getters of one's own use as well. */
export interface Transfer {
  /**
   * A small document, in memory.
   * @throws InstallError `not-found`, `refused`, `unreachable`, `interrupted`, `too-large`, `cancelled`
   */
  read(request: TransferRequest): Promise<HttpDocument>;
  /**
   * An artefact, into `file`. Goes on where an interrupted download of the same URL ended if the server still has the
   * same bytes, else starts again. Beside it lies `file.resume` until all is there.
   * @throws InstallError as `read` does. The beginning stays in `file` only if a later call can go on from there.
   */
  download(request: TransferRequest, target: DownloadTarget): Promise<void>;
}

export interface TransferRequest {
  readonly url: string | URL;
  readonly signal: AbortSignal;
  /** Sent to the origin of `url` and to no other, in place of what is configured for it; `none`: nothing is sent. */
  readonly credentials?: Credentials | "none" | undefined;
  /** Such as `accept`. They go to every host of a chain of redirects: no secrets. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Default: that of the limits. */
  readonly maxBytes?: number;
}

export interface DownloadTarget {
  readonly file: string;
  readonly onBytes: (received: number, total: number | undefined) => void;
}

export interface HttpDocument {
  readonly bytes: Buffer;
  /** Where it was in the end, after redirects: what its relative links start from. */
  readonly url: URL;
  /** By lower-case name. */
  readonly headers: ReadonlyMap<string, string>;
}
