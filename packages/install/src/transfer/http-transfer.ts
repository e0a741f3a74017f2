import { type Clock, systemClock } from "@drawbar/io";
import { InstallError } from "../install-error.ts";
import { openConnections, type Send } from "./connections.ts";
import { type CredentialCallback, CredentialFinder } from "./credentials/credential-finder.ts";
import type { Environment } from "./credentials/env-token.ts";
import { Deadline } from "./deadline.ts";
import { type Download, downloadOnce } from "./download.ts";
import type { Response } from "./exchange.ts";
import { type Arrival, follow } from "./follow.ts";
import { networkFailure } from "./network-failure.ts";
import { PartialFile } from "./partial-file.ts";
import { readDocument } from "./read-document.ts";
import { type Outcome, withRetries } from "./retry.ts";
import { parseUrl, redactText, showUrl } from "./show-url.ts";
import type { DownloadTarget, HttpDocument, Transfer, TransferRequest } from "./transfer.ts";
import { defaultTransferLimits, type TransferLimits } from "./transfer-limits.ts";

export interface TransferOptions {
  readonly limits?: Partial<TransferLimits>;
  /** Credentials for a host, before the environment's and those of .netrc. */
  readonly credentials?: CredentialCallback;
  /** Proxies, tokens, and where .netrc is. Default: that of the process. */
  readonly env?: Environment;
  /** Authorities that are trusted besides node's own, in PEM. */
  readonly ca?: string | readonly string[];
  /** Whether a redirect may lead from https: to http:. Default false. */
  readonly allowDowngrade?: boolean;
  readonly clock?: Clock;
}

/** Fetches over HTTP and HTTPS: bounded, with redirects, retries, credentials and proxies. */
export class HttpTransfer implements Transfer {
  readonly #limits: TransferLimits;
  readonly #clock: Clock;
  readonly #finder: CredentialFinder;
  readonly #allowDowngrade: boolean;
  readonly #connect: () => Promise<Send>;
  #send: Promise<Send> | undefined;

  constructor(options: TransferOptions = {}) {
    const env = options.env ?? process.env;
    this.#limits = { ...defaultTransferLimits, ...options.limits };
    this.#clock = options.clock ?? systemClock;
    this.#finder = new CredentialFinder(env, options.credentials);
    this.#allowDowngrade = options.allowDowngrade ?? false;
    this.#connect = () => openConnections({ env, ca: options.ca, connectMs: this.#limits.headerMs });
  }

  async read(request: TransferRequest): Promise<HttpDocument> {
    const maxBytes = request.maxBytes ?? this.#limits.documentBytes;
    return this.#run(request, this.#limits.documentMs, async (deadline) => {
      const arrival = await this.#ask(request, {}, deadline);
      return readDocument(arrival, maxBytes, this.#watchStall(arrival, deadline));
    });
  }

  async download(request: TransferRequest, target: DownloadTarget): Promise<void> {
    const maxBytes = request.maxBytes ?? this.#limits.artifactBytes;
    const partial = new PartialFile(target.file, String(request.url));
    try {
      await this.#run(request, this.#limits.artifactMs, async (deadline) => {
        const download: Download = {
          partial,
          maxBytes,
          onBytes: target.onBytes,
          ask: (headers) => this.#ask(request, headers, deadline),
          watch: (arrival) => this.#watchStall(arrival, deadline),
        };
        return downloadOnce(download);
      });
    } catch (error) {
      if (!mayGoOn(error)) await partial.remove();
      throw error;
    }
  }

  /** Runs tries of one operation under its total time, and tells what ended them. */
  async #run<T>(
    request: TransferRequest,
    totalMs: number,
    attempt: (deadline: Deadline) => Promise<Outcome<T>>,
  ): Promise<T> {
    const where = showUrl(request.url);
    const total = new Deadline(this.#clock, request.signal);
    total.arm(totalMs, () => timeout(where, `it was not complete after ${totalMs / 1000} s`));
    const once = async (): Promise<Outcome<T>> => {
      const deadline = new Deadline(this.#clock, total.signal);
      try {
        return await attempt(deadline);
      } catch (error) {
        if (total.failure !== undefined) throw total.failure;
        if (deadline.failure !== undefined) return { kind: "failed", error: deadline.failure, retry: true };
        if (error instanceof InstallError) throw error;
        return { kind: "failed", ...networkFailure(error, where) };
      } finally {
        deadline.end();
      }
    };
    try {
      if (total.failure !== undefined) throw total.failure;
      return await withRetries(once, this.#limits, this.#clock, total.signal);
    } finally {
      total.end();
    }
  }

  async #ask(
    request: TransferRequest,
    headers: Readonly<Record<string, string>>,
    deadline: Deadline,
  ): Promise<Arrival> {
    const start = startUrl(request.url);
    const { headerMs, redirects } = this.#limits;
    this.#send ??= this.#connect();
    const send = await this.#send;
    const ask = async (url: URL): Promise<Response> => {
      deadline.arm(headerMs, () => timeout(showUrl(url), `no answer came within ${headerMs / 1000} s`));
      const own = url.origin === start.origin ? request.credentials : undefined;
      const credentials = own ?? (await this.#finder.find(url));
      const isSent = credentials !== undefined && credentials !== "none";
      const authorization = isSent ? { authorization: credentials.header() } : {};
      const sent = { ...request.headers, ...headers, "accept-encoding": "identity", ...authorization };
      return send(url, { "user-agent": "drawbar", ...sent }, deadline.signal);
    };
    return follow(start, ask, { redirects, allowDowngrade: this.#allowDowngrade });
  }

  /** From here on it counts how fast the body comes. */
  #watchStall({ url }: Arrival, deadline: Deadline): (bytes: number) => void {
    const { stallMs, stallBytes } = this.#limits;
    let received = 0;
    deadline.armStall(
      stallMs,
      stallBytes,
      () => received,
      () => timeout(showUrl(url), `less than ${stallBytes} bytes came within ${stallMs / 1000} s`),
    );
    return (bytes) => {
      received += bytes;
    };
  }
}

function startUrl(url: string | URL): URL {
  const parsed = url instanceof URL ? new URL(url) : parseUrl(url);
  if (parsed === undefined || (parsed.protocol !== "https:" && parsed.protocol !== "http:"))
    throw new InstallError("bad-source", `${redactText(String(url))} is no http: or https: URL`);
  // Credentials come by themselves; in a URL they would reach logs.
  parsed.username = "";
  parsed.password = "";
  parsed.hash = "";
  return parsed;
}

function timeout(where: string, why: string): InstallError {
  return new InstallError("interrupted", `${where} could not be fetched: ${why}`, { facts: { url: where } });
}

function mayGoOn(error: unknown): boolean {
  const codes = ["interrupted", "unreachable", "cancelled"];
  return error instanceof InstallError && codes.includes(error.code);
}
