import { type Clock, systemClock } from "@drawbar/io";
import { apiPath } from "./api-path.ts";
import { exchangeFailure, isTlsFailure, type LimitedCall, refusalError } from "./call-failure.ts";
import { type CallLimit, startCallLimit } from "./call-limit.ts";
import { ExchangeError, type ExchangeRequest, type ExchangeResponse } from "./exchange.ts";
import { Redactor } from "./redactor.ts";
import { type JsonObject, parseReply, secretOf, type VaultSecret } from "./reply.ts";
import { type AttemptOutcome, defaultRetryPolicy, type RetryPolicy, retryDelayMs } from "./retry-policy.ts";
import { sleep } from "./sleep.ts";
import { Transport } from "./transport.ts";
import { VaultError } from "./vault-error.ts";
import { loadVaultTls, type VaultTls } from "./vault-tls.ts";

export interface VaultClientOptions {
  /** `https://host:port`, `http://host:port` or `unix:///path`. */
  readonly address: string;
  /** The token to begin with; a login gives another. */
  readonly token?: string | undefined;
  /** The absolute namespace of every call that has none of its own. */
  readonly namespace?: string | undefined;
  readonly tls?: VaultTls | undefined;
  /** The time limit of a call with all its retries. Default 60 000. */
  readonly timeoutMs?: number | undefined;
  /** The largest answer that is read. Default 4 MiB. */
  readonly maxResponseBytes?: number | undefined;
  readonly retry?: Partial<RetryPolicy> | undefined;
  readonly clock?: Clock | undefined;
  /** In [0, 1); for the jitter of retries. */
  readonly random?: (() => number) | undefined;
  /** Called for each 403, before the call that got it fails. */
  readonly onDenied?: (() => void) | undefined;
}

/** What every call takes. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  /** Instead of the client's. */
  readonly timeoutMs?: number | undefined;
}

/** A request of Vault's API; `path` stands below `/v1`. */
export interface VaultRequest {
  readonly method: "GET" | "PUT" | "POST" | "DELETE";
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: JsonObject;
  /** Whether making the call twice does no harm. Default: true for GET and DELETE. */
  readonly idempotent?: boolean;
  /** Statuses that are an answer and no failure, beyond 2xx. */
  readonly accept?: readonly number[];
}

// What a client and its views of other namespaces have in common.
interface Shared {
  readonly transport: Transport;
  readonly address: string;
  readonly timeoutMs: number;
  readonly maxResponseBytes: number;
  readonly retry: RetryPolicy;
  readonly clock: Clock;
  readonly random: () => number;
  readonly onDenied: () => void;
  token: string;
}

/**
 * A client of Vault's HTTP API. It reads no environment variables. Everything it throws is a VaultError
 * without the token or a request's secret fields in it.
 */
export class VaultClient implements Disposable {
  readonly #shared: Shared;
  /** The absolute namespace of this view's calls; "" is the root. */
  readonly namespace: string;

  private constructor(shared: Shared, namespace: string) {
    this.#shared = shared;
    this.namespace = namespace.replace(/^\/+|\/+$/g, "");
    if (!/^[\x21-\x7e]*$/.test(this.namespace)) {
      throw new VaultError(
        "vault-option-invalid",
        "the Vault namespace has characters that no header can have",
      );
    }
  }

  /** Reads the TLS files; connects when the first call is made. */
  static async create(options: VaultClientOptions): Promise<VaultClient> {
    const shared: Shared = {
      transport: new Transport(options.address, await loadVaultTls(options.tls ?? {})),
      address: options.address,
      timeoutMs: options.timeoutMs ?? 60_000,
      maxResponseBytes: options.maxResponseBytes ?? 4 * 1024 * 1024,
      retry: { ...defaultRetryPolicy, ...options.retry },
      clock: options.clock ?? systemClock,
      random: options.random ?? Math.random,
      onDenied: options.onDenied ?? (() => {}),
      token: "",
    };
    const client = new VaultClient(shared, options.namespace ?? "");
    client.setToken(options.token ?? "");
    return client;
  }

  /** The token of all later calls, of this client and of every view of it. */
  setToken(token: string): void {
    if (!/^[\x21-\x7e]*$/.test(token)) {
      throw new VaultError("vault-option-invalid", "the Vault token has characters that no token has");
    }
    this.#shared.token = token;
  }

  /** A view whose calls go to another absolute namespace, with the same token and connections. */
  withNamespace(namespace: string): VaultClient {
    return new VaultClient(this.#shared, namespace);
  }

  /** A view of a namespace below this one. */
  withChildNamespace(namespace: string): VaultClient {
    return new VaultClient(this.#shared, `${this.namespace}/${namespace}`);
  }

  /** Reads a path; null where there is nothing. */
  async read(path: string, options?: CallOptions): Promise<VaultSecret | null> {
    const response = await this.request({ method: "GET", path, accept: [404] }, options);
    return response.status === 404 ? null : this.#secretOf(response, "GET", path);
  }

  /** The keys below a path; none where there is nothing. */
  async list(path: string, options?: CallOptions): Promise<string[]> {
    const request: VaultRequest = { method: "GET", path, query: { list: "true" }, accept: [404] };
    const response = await this.request(request, options);
    const keys = response.status === 404 ? [] : this.#secretOf(response, "GET", path)?.data?.["keys"];
    return Array.isArray(keys) ? keys.map(String) : [];
  }

  /** Writes to a path (PUT); null where Vault has nothing to say. */
  async write(
    path: string,
    body: JsonObject,
    options?: CallOptions & { readonly idempotent?: boolean },
  ): Promise<VaultSecret | null> {
    const idempotent = options?.idempotent ?? false;
    const response = await this.request({ method: "PUT", path, body, idempotent }, options);
    return this.#secretOf(response, "PUT", path);
  }

  async delete(path: string, options?: CallOptions): Promise<void> {
    await this.request({ method: "DELETE", path }, options);
  }

  /** Makes a call, with retries where they do no harm. Throws unless the answer is 2xx or accepted. */
  async request(request: VaultRequest, options: CallOptions = {}): Promise<ExchangeResponse> {
    const { clock, timeoutMs } = this.#shared;
    const limitMs = options.timeoutMs ?? timeoutMs;
    using limit = startCallLimit(limitMs, options.signal, clock);
    const prepared = this.#prepare(request, limit.signal);
    const call = this.#describe(request, limitMs);
    for (let retries = 0; ; retries++) {
      const attempt = await this.#attempt(request, prepared, limit, { ...call, attempts: retries + 1 });
      if (attempt.kind === "answered") return attempt.response;
      const delayMs = attempt.outcome && this.#delayBefore(request, attempt.outcome, retries);
      if (delayMs === undefined) throw attempt.failure;
      await sleep(delayMs, clock, limit.signal);
      // Out of time while waiting: what happened before says more than that it did.
      if (limit.ended === "timeout") throw attempt.failure;
    }
  }

  /** Closes kept connections, of this client and of every view of it. */
  [Symbol.dispose](): void {
    this.#shared.transport.close();
  }

  #prepare(request: VaultRequest, signal: AbortSignal): ExchangeRequest {
    const query = request.query === undefined ? "" : `?${new URLSearchParams(request.query)}`;
    const { token, maxResponseBytes } = this.#shared;
    return {
      method: request.method,
      path: apiPath(request.path) + query,
      headers: {
        "X-Vault-Request": "true",
        ...(token === "" ? {} : { "X-Vault-Token": token }),
        ...(this.namespace === "" ? {} : { "X-Vault-Namespace": this.namespace }),
      },
      body: request.body === undefined ? undefined : JSON.stringify(request.body),
      maxResponseBytes,
      signal,
    };
  }

  async #attempt(
    request: VaultRequest,
    prepared: ExchangeRequest,
    limit: CallLimit,
    call: LimitedCall,
  ): Promise<Attempt> {
    try {
      const response = await this.#shared.transport.send(prepared);
      if (isAnswer(response.status, request)) return { kind: "answered", response };
      const { status } = response;
      if (status === 403) this.#shared.onDenied();
      return {
        kind: "failed",
        failure: refusalError(response, call),
        outcome: { kind: "answered", status, retryAfterSeconds: retryAfter(response) },
      };
    } catch (error) {
      const failure = exchangeFailure(error, limit.ended, call);
      return { kind: "failed", failure, outcome: limit.ended === undefined ? lossOf(error) : undefined };
    }
  }

  #describe(request: VaultRequest, timeoutMs: number): LimitedCall {
    const { address, token, maxResponseBytes } = this.#shared;
    const redactor = new Redactor();
    redactor.add(token);
    redactor.addFields(request.body ?? {});
    const { method, path } = request;
    const { namespace } = this;
    const idempotent = isIdempotent(request);
    return {
      method,
      path,
      address,
      namespace,
      attempts: 1,
      idempotent,
      redactor,
      timeoutMs,
      maxResponseBytes,
    };
  }

  #delayBefore(request: VaultRequest, outcome: AttemptOutcome, retries: number): number | undefined {
    return retryDelayMs(
      outcome,
      { idempotent: isIdempotent(request), retries },
      this.#shared.retry,
      this.#shared.random(),
    );
  }

  #secretOf(response: ExchangeResponse, method: string, path: string): VaultSecret | null {
    if (response.status === 204 || response.body.length === 0) return null;
    return secretOf(parseReply(response.body, { method, path }), { method, path });
  }
}

type Attempt =
  | { readonly kind: "answered"; readonly response: ExchangeResponse }
  /** Without an outcome, trying again is out of the question. */
  | { readonly kind: "failed"; readonly failure: unknown; readonly outcome: AttemptOutcome | undefined };

function isIdempotent({ idempotent, method }: VaultRequest): boolean {
  return idempotent ?? (method === "GET" || method === "DELETE");
}

function isAnswer(status: number, { accept }: VaultRequest): boolean {
  return (status >= 200 && status < 300) || accept?.includes(status) === true;
}

function retryAfter({ headers }: ExchangeResponse): number | undefined {
  const seconds = Number(headers["retry-after"]);
  return Number.isFinite(seconds) && seconds > 0 ? seconds : undefined;
}

/** What was lost with a connection; undefined where trying again cannot help. */
function lossOf(error: unknown): AttemptOutcome | undefined {
  if (!(error instanceof ExchangeError) || error.kind !== "connection") return undefined;
  const systemCode = String((error.cause as NodeJS.ErrnoException).code ?? "");
  if (isTlsFailure(systemCode) || systemCode.startsWith("HPE_")) return undefined;
  return { kind: "disconnected", maySent: error.maySent };
}
