import { Decoder, GobError, type GobLimits, type Infer, pending, type Registry } from "@drawbar/gob";
import { type ByteStream, type Clock, toError } from "@drawbar/io";
import { badStream, connectionLost } from "./errors.ts";
import { noReply, requestHeader, responseHeader } from "./headers.ts";
import { MessageWriter } from "./message-writer.ts";
import { Request } from "./request.ts";
import type { Entry, ServiceTable } from "./service-table.ts";

/** What a connection takes from its server. */
export interface ConnectionSettings {
  readonly table: ServiceTable;
  readonly maxConcurrentRequests: number;
  readonly registry: Registry | undefined;
  readonly limits: Partial<GobLimits> | undefined;
  readonly clock: Clock;
}

/**
 * `open`: requests are read; `draining`: none is, those that were are answered; `ended`: all are, and our
 * side of the connection is over; `closed`: all of it.
 */
type Phase = "open" | "draining" | "ended" | "closed";

type Header = Infer<typeof requestHeader>;

/** One client's connection, from the server's side. */
export class ServerConnection {
  /** Settles when the connection is gone: with undefined after an end in order, else with the reason. */
  readonly closed: Promise<Error | undefined>;
  readonly #stream: ByteStream;
  readonly #settings: ConnectionSettings;
  readonly #writer: MessageWriter<typeof responseHeader>;
  readonly #decoder: Decoder;
  readonly #requests = new Set<Request>();
  // The request whose body comes next.
  #header: Header | undefined;
  #phase: Phase = "open";
  #reading: "flowing" | "paused" = "flowing";
  #error: Error | undefined;
  #settleClosed: (error: Error | undefined) => void = () => {};

  constructor(stream: ByteStream, settings: ConnectionSettings) {
    this.#stream = stream;
    this.#settings = settings;
    this.#writer = new MessageWriter(stream, responseHeader, settings.registry);
    const { registry, limits } = settings;
    this.#decoder = new Decoder({ ...(registry && { registry }), ...(limits && { limits }) });
    this.closed = new Promise((resolve) => {
      this.#settleClosed = resolve;
    });
    stream.start({
      onData: (chunk) => this.#receive(chunk),
      onEnd: () => this.#inputEnded(),
      onDrain: () => {
        this.#writer.drained();
        this.#readOn();
      },
      onClose: (error) => this.#connectionClosed(error),
    });
  }

  /** Requests that have no answer yet. */
  get requestCount(): number {
    return this.#requests.size;
  }

  /**
   * Reads no more requests, answers those that were read, and ends the connection; cuts it after
   * `graceMs`. Resolves once it is closed.
   */
  async close(graceMs: number): Promise<void> {
    if (this.#phase !== "closed") {
      const timer = this.#settings.clock.setTimer(graceMs, () => this.destroy());
      void this.closed.then(() => timer.cancel());
      this.#drain();
    }
    await this.closed;
  }

  /** Cuts the connection; handlers see their signal abort. */
  destroy(error?: Error): void {
    if (this.#phase === "closed") return;
    this.#over(error, error ?? connectionLost(undefined));
    this.#stream.destroy(error);
  }

  // ---- requests

  #receive(chunk: Uint8Array): void {
    if (this.#phase !== "open") return;
    this.#guard(() => {
      this.#decoder.push(chunk);
      this.#readAll();
    });
  }

  // What is not gob at all ends the connection, as nothing after it can be read.
  #guard(read: () => void): void {
    try {
      read();
    } catch (error) {
      if (!(error instanceof GobError)) throw error;
      this.destroy(badStream(error));
    }
  }

  #readAll(): void {
    while (this.#phase === "open") {
      // A client that sends faster than it is answered, or does not read its answers, waits.
      if (this.#requests.size >= this.#settings.maxConcurrentRequests || this.#writer.blocked) {
        this.#decoder.retain();
        this.#reading = "paused";
        this.#stream.pause();
        return;
      }
      if (!this.#readMessage()) return;
    }
  }

  #readOn(): void {
    if (this.#reading === "flowing" || this.#phase !== "open") return;
    this.#reading = "flowing";
    this.#guard(() => this.#readAll());
    if (this.#reading === "flowing") this.#stream.resume();
  }

  #readMessage(): boolean {
    if (this.#header === undefined) {
      const header = this.#decoder.decode(requestHeader);
      if (header === pending) return false;
      this.#header = header;
    }
    const header = this.#header;
    const entry = this.#settings.table.get(header.ServiceMethod);
    if (entry === undefined) {
      if (!this.#decoder.skip()) return false;
      this.#header = undefined;
      this.#refuse(header, this.#settings.table.explain(header.ServiceMethod));
      return true;
    }
    return this.#readArgs(header, entry);
  }

  #readArgs(header: Header, entry: Entry): boolean {
    let args: unknown;
    try {
      args = this.#decoder.decode(entry.args);
    } catch (error) {
      if (!(error instanceof GobError) || error.fatal) throw error;
      this.#header = undefined;
      this.#refuse(header, error.message);
      return true;
    }
    if (args === pending) return false;
    this.#header = undefined;
    this.#handle(entry, args, new Request(header.ServiceMethod, header.Seq));
    return true;
  }

  #handle(entry: Entry, args: unknown, request: Request): void {
    this.#requests.add(request);
    let result: unknown;
    try {
      result = entry.invoke(args, request);
    } catch (error) {
      this.#answerError(request, error);
      return;
    }
    if (isPromise(result)) {
      result.then(
        (reply: unknown) => this.#answer(entry, request, reply),
        (error: unknown) => this.#answerError(request, error),
      );
    } else {
      this.#answer(entry, request, result);
    }
  }

  // ---- answers

  #answer(entry: Entry, request: Request, reply: unknown): void {
    if (!this.#requests.has(request)) return;
    const header = { ServiceMethod: request.serviceMethod, Seq: request.seq, Error: "" };
    try {
      this.#writer.write(header, entry.reply, reply as never);
    } catch (error) {
      this.#answerError(request, error);
      return;
    }
    this.#done(request);
  }

  #answerError(request: Request, error: unknown): void {
    if (!this.#requests.has(request)) return;
    this.#refuse({ ServiceMethod: request.serviceMethod, Seq: request.seq }, textOf(error));
    this.#done(request);
  }

  #refuse(header: Header, text: string): void {
    this.#writer.write({ ...header, Error: text }, noReply, {});
  }

  #done(request: Request): void {
    this.#requests.delete(request);
    this.#readOn();
    this.#endIfDrained();
  }

  // ---- the end

  // A client that is half closed still gets its answers.
  #inputEnded(): void {
    if (this.#phase === "open" && this.#decoder.bufferedBytes > 0) {
      this.#error = badStream(new Error("it ends inside a message"));
    }
    this.#drain();
  }

  #drain(): void {
    if (this.#phase !== "open") return;
    this.#phase = "draining";
    // What still comes is read and dropped, so that the client's end is seen.
    if (this.#reading === "paused") this.#stream.resume();
    this.#endIfDrained();
  }

  #endIfDrained(): void {
    if (this.#phase !== "draining" || this.#requests.size > 0) return;
    this.#phase = "ended";
    this.#writer.flush();
    this.#stream.end();
  }

  #connectionClosed(error: Error | undefined): void {
    this.#over(connectionLost(error), connectionLost(error));
    this.#phase = "closed";
    this.#settleClosed(this.#error);
  }

  #over(error: Error | undefined, reason: Error): void {
    if (this.#phase === "ended" || this.#phase === "closed") return;
    this.#phase = "ended";
    this.#error ??= error;
    const requests = [...this.#requests];
    this.#requests.clear();
    for (const request of requests) request.abort(reason);
  }
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === "object" && value !== null && typeof (value as { then?: unknown }).then === "function"
  );
}

// An empty text would mean success to the client.
function textOf(thrown: unknown): string {
  const error = toError(thrown);
  return error.message || error.name || "error";
}
