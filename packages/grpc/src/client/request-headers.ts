import { appendHeaders, type PreparedHeaders, prepareHeaders } from "@drawbar/http2";
import { encodeTimeout } from "../codec/timeout.ts";
import { Metadata, type MetadataInit } from "../metadata/metadata.ts";
import type { CallOptions } from "./call-options.ts";

/** What the headers of all calls on a channel have in common. */
export interface RequestTarget {
  readonly scheme: string;
  readonly authority: string;
  readonly userAgent: string;
}

// Callers mostly use one timeout all the time; those whose timeouts vary get headers made per call.
const keptTimeouts = 8;

/** The request headers of one method, prepared once and extended by what a call adds. */
export class RequestHeaders {
  readonly #plain: PreparedHeaders;
  readonly #byTimeout = new Map<number, PreparedHeaders>();

  constructor(path: string, target: RequestTarget, metadata: MetadataInit | undefined) {
    this.#plain = prepareHeaders([
      ...[":method", "POST", ":scheme", target.scheme, ":path", path, ":authority", target.authority],
      ...["te", "trailers", "content-type", "application/grpc", "user-agent", target.userAgent],
      ...["grpc-accept-encoding", "gzip"],
      ...(metadata === undefined ? [] : new Metadata(metadata).toHeaders()),
    ]);
  }

  /** The headers of a call; its metadata comes after that given to the constructor. */
  for(options: CallOptions): PreparedHeaders {
    const { metadata } = options;
    const base = options.timeoutMs === undefined ? this.#plain : this.#withTimeout(options.timeoutMs);
    if (metadata === undefined && options.compress === undefined) return base;
    const extra = options.compress === undefined ? [] : ["grpc-encoding", options.compress];
    if (metadata !== undefined) extra.push(...new Metadata(metadata).toHeaders());
    return appendHeaders(base, extra);
  }

  #withTimeout(timeoutMs: number): PreparedHeaders {
    const kept = this.#byTimeout.get(timeoutMs);
    if (kept !== undefined) return kept;
    const timeout = ["grpc-timeout", encodeTimeout(timeoutMs)];
    if (this.#byTimeout.size >= keptTimeouts) return appendHeaders(this.#plain, timeout);
    const prepared = prepareHeaders([...this.#plain.list, ...timeout]);
    this.#byTimeout.set(timeoutMs, prepared);
    return prepared;
  }
}
