import {
  Decoder,
  GobError,
  type GobLimits,
  type Infer,
  type Input,
  pending,
  type Registry,
} from "@drawbar/gob";
import { type ByteStream, type Clock, onAbort, systemClock, type Timer, toError } from "@drawbar/io";
import type { CallOptions, Method, Methods, Service, ServiceClient } from "./contract.ts";
import { badArgs, badReply, badStream, connectionLost, ServerError, shutDown, timedOut } from "./errors.ts";
import { requestHeader, responseHeader } from "./headers.ts";
import { MessageWriter } from "./message-writer.ts";

/** How a client behaves. */
export interface ClientOptions {
  /** Longest time to an answer; 0, the default, for no limit, as in Go. A call may have its own. */
  readonly timeoutMs?: number;
  /** Types that `any` values may hold, both ways. */
  readonly registry?: Registry;
  /** What is taken from the server; see GobLimits. Default: Go's own, 1 GiB a message. */
  readonly limits?: Partial<GobLimits>;
  /** Where time comes from. Default: the platform's clock. */
  readonly clock?: Clock;
}

interface PendingCall {
  readonly serviceMethod: string;
  readonly method: Method;
  readonly resolve: (reply: unknown) => void;
  readonly reject: (error: Error) => void;
  removeAbort: (() => void) | undefined;
  timer: Timer | undefined;
}

/** `closing`: no new calls; `ended`: our side of the connection is over as well; `closed`: all of it. */
type Phase = "open" | "closing" | "ended" | "closed";

const defaultGraceMs = 5_000;

/**
 * The calling end of a net/rpc connection. Calls run at the same time and are answered in any order.
 */
export class Client implements AsyncDisposable {
  readonly #stream: ByteStream;
  readonly #timeoutMs: number;
  readonly #clock: Clock;
  readonly #writer: MessageWriter<typeof requestHeader>;
  readonly #decoder: Decoder;
  readonly #calls = new Map<number, PendingCall>();
  // The response whose body comes next.
  #header: Infer<typeof responseHeader> | undefined;
  #nextSeq = 0;
  #phase: Phase = "open";
  #error: Error | undefined;
  readonly #closed: Promise<Error | undefined>;
  #settleClosed: (error: Error | undefined) => void = () => {};

  /** @param stream a connection to a server, not started yet; the client owns it from here on */
  constructor(stream: ByteStream, options: ClientOptions = {}) {
    this.#stream = stream;
    this.#timeoutMs = options.timeoutMs ?? 0;
    this.#clock = options.clock ?? systemClock;
    this.#writer = new MessageWriter(stream, requestHeader, options.registry);
    this.#decoder = new Decoder(options);
    this.#closed = new Promise((resolve) => {
      this.#settleClosed = resolve;
    });
    stream.start({
      onData: (chunk) => this.#receive(chunk),
      onEnd: () => this.#peerEnded(),
      onDrain: () => this.#writer.drained(),
      onClose: (error) => this.#connectionClosed(error),
    });
  }

  /** Settles when the connection is gone: with undefined after an end in order, else with the reason. */
  get closed(): Promise<Error | undefined> {
    return this.#closed;
  }

  /** Calls that wait for an answer. */
  get pendingCount(): number {
    return this.#calls.size;
  }

  /**
   * A service with one function per method.
   * @param options `name`: the name that the server has it under, if not the contract's own
   */
  service<M extends Methods>(contract: Service<M>, options?: { readonly name?: string }): ServiceClient<M> {
    const name = options?.name ?? contract.name;
    const functions = Object.entries(contract.methods).map(([methodName, method]) => {
      const serviceMethod = `${name}.${methodName}`;
      return [
        methodName,
        (args: never, callOptions?: CallOptions) => this.call(serviceMethod, method, args, callOptions),
      ];
    });
    return Object.fromEntries(functions) as ServiceClient<M>;
  }

  /** Calls one method by its full name, such as `Arith.Multiply`. */
  call<M extends Method>(
    serviceMethod: string,
    method: M,
    args: Input<M["args"]>,
    options?: CallOptions,
  ): Promise<Infer<M["reply"]>> {
    return new Promise((resolve, reject) => {
      if (this.#phase !== "open") {
        reject(this.#error ?? shutDown());
        return;
      }
      if (options?.signal?.aborted === true) {
        reject(toError(options.signal.reason));
        return;
      }
      const seq = this.#nextSeq++;
      try {
        this.#writer.write({ ServiceMethod: serviceMethod, Seq: seq }, method.args, args as never);
      } catch (error) {
        reject(badArgs(serviceMethod, toError(error)));
        return;
      }
      const call: PendingCall = {
        serviceMethod,
        method,
        resolve: resolve as (reply: unknown) => void,
        reject,
        removeAbort: undefined,
        timer: undefined,
      };
      this.#calls.set(seq, call);
      this.#limit(seq, call, options);
    });
  }

  /**
   * Ends in order: no new calls, those that wait are still answered, then the connection ends. What is
   * not done after `graceMs` (default 5 000) is cut. Resolves once the connection is closed.
   */
  async close(options?: { readonly graceMs?: number }): Promise<void> {
    if (this.#phase === "open") {
      this.#phase = "closing";
      const timer = this.#clock.setTimer(options?.graceMs ?? defaultGraceMs, () => this.destroy());
      void this.#closed.then(() => timer.cancel());
      this.#endIfDone();
    }
    await this.#closed;
  }

  /** Cuts the connection; calls that wait are rejected with `error`. */
  destroy(error?: Error): void {
    if (this.#phase === "closed") return;
    this.#over(error);
    this.#stream.destroy(error);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  // ---- calls

  #limit(seq: number, call: PendingCall, options: CallOptions | undefined): void {
    const timeoutMs = options?.timeoutMs ?? this.#timeoutMs;
    if (timeoutMs > 0) {
      call.timer = this.#clock.setTimer(timeoutMs, () => {
        this.#take(seq, call)?.reject(timedOut(call.serviceMethod, timeoutMs));
      });
    }
    if (options?.signal !== undefined) {
      call.removeAbort = onAbort(options.signal, (reason) => this.#take(seq, call)?.reject(toError(reason)));
    }
  }

  // The call, if it is not settled yet: whoever takes it settles it.
  #take(seq: number, call: PendingCall): PendingCall | undefined {
    if (!this.#calls.delete(seq)) return undefined;
    call.timer?.cancel();
    call.removeAbort?.();
    this.#endIfDone();
    return call;
  }

  // ---- answers

  #receive(chunk: Uint8Array): void {
    if (this.#phase === "ended" || this.#phase === "closed") return;
    try {
      this.#decoder.push(chunk);
      while (this.#readMessage());
    } catch (error) {
      this.destroy(badStream(toError(error)));
    }
  }

  #readMessage(): boolean {
    if (this.#header === undefined) {
      const header = this.#decoder.decode(responseHeader);
      if (header === pending) return false;
      this.#header = header;
    }
    if (!this.#readBody(this.#header)) return false;
    this.#header = undefined;
    return true;
  }

  #readBody({ Seq: seq, Error: error }: Infer<typeof responseHeader>): boolean {
    const call = this.#calls.get(seq);
    // An answer that nobody waits for any more is passed over by its wire type.
    if (call === undefined) return this.#decoder.skip();
    if (error !== "") {
      if (!this.#decoder.skip()) return false;
      this.#take(seq, call)?.reject(new ServerError(error, call.serviceMethod));
      return true;
    }
    return this.#readReply(seq, call);
  }

  #readReply(seq: number, call: PendingCall): boolean {
    try {
      const reply = this.#decoder.decode(call.method.reply);
      if (reply === pending) return false;
      this.#take(seq, call)?.resolve(reply);
    } catch (error) {
      if (!(error instanceof GobError) || error.fatal) throw error;
      this.#take(seq, call)?.reject(badReply(call.serviceMethod, error));
    }
    return true;
  }

  // ---- the end

  #endIfDone(): void {
    if (this.#phase !== "closing" || this.#calls.size > 0) return;
    this.#phase = "ended";
    this.#writer.flush();
    this.#stream.end();
  }

  #peerEnded(): void {
    this.#over(this.#calls.size > 0 ? connectionLost(undefined) : undefined);
    this.#stream.end();
  }

  #connectionClosed(error: Error | undefined): void {
    this.#over(connectionLost(error));
    this.#phase = "closed";
    this.#settleClosed(this.#error);
  }

  // Nothing is called or answered from here on.
  #over(error: Error | undefined): void {
    if (this.#phase === "ended" || this.#phase === "closed") return;
    this.#phase = "ended";
    this.#error = error;
    for (const [seq, call] of [...this.#calls]) this.#take(seq, call)?.reject(error ?? shutDown());
  }
}
