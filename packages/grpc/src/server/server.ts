import type { Http2Options } from "@drawbar/http2";
import { type ByteStream, type Clock, systemClock } from "@drawbar/io";
import { DeadlineTimers } from "../call/deadline-timers.ts";
import type { KeepaliveOptions } from "../call/keepalive.ts";
import { largestDefaultMessageBytes } from "../codec/message-limit.ts";
import type { ServiceDefinition } from "../definition.ts";
import { StatusError } from "../status/status-error.ts";
import type { Implementation } from "./implementation.ts";
import { Routes } from "./routes.ts";
import type { ServerInterceptor } from "./server-call-info.ts";
import { ServerSession, type SessionSetup } from "./server-session.ts";

/** What a server is made of; see the fields for defaults. */
export interface ServerOptions {
  /** Default 4 MiB, as grpc-go's servers. */
  readonly maxReceiveMessageBytes?: number | undefined;
  /** Default 2^31-1. */
  readonly maxSendMessageBytes?: number | undefined;
  /** Around every handler, the first outermost. */
  readonly interceptors?: readonly ServerInterceptor[] | undefined;
  /** Pings every connection, so that a silent client is noticed. Default: none. */
  readonly keepalive?: KeepaliveOptions | undefined;
  readonly http2?: Http2Options | undefined;
  readonly clock?: Clock | undefined;
}

const defaultReceiveBytes = 4 * 1024 * 1024;
const defaultGraceMs = 10_000;

/** Serves calls on connections that are handed in. */
export class Server implements AsyncDisposable {
  readonly #setup: SessionSetup;
  readonly #sessions = new Set<ServerSession>();
  #phase: "serving" | "closed" = "serving";

  constructor(options: ServerOptions = {}) {
    const clock = options.clock ?? systemClock;
    this.#setup = {
      core: {
        deadlines: new DeadlineTimers(clock),
        clock,
        receiveLimit: {
          bytes: options.maxReceiveMessageBytes ?? defaultReceiveBytes,
          option: "maxReceiveMessageBytes of the Server",
        },
        sendLimit: {
          bytes: options.maxSendMessageBytes ?? largestDefaultMessageBytes,
          option: "maxSendMessageBytes of the Server",
        },
        activeCalls: 0,
      },
      routes: new Routes(options.interceptors ?? []),
      clock,
      http2: options.http2,
      keepalive: options.keepalive,
    };
  }

  /** What was added. */
  get services(): readonly ServiceDefinition[] {
    return this.#setup.routes.services;
  }

  /** Calls in progress on all connections. */
  get activeCalls(): number {
    return this.#setup.core.activeCalls;
  }

  /** Adds a service; methods without a handler answer UNIMPLEMENTED. Throws if it is there already. */
  addService<Service extends ServiceDefinition>(
    service: Service,
    implementation: Partial<Implementation<Service>>,
  ): this {
    this.#setup.routes.add(service, implementation);
    return this;
  }

  /** Serves the client at the other end of `stream`. After `close` the stream is ended at once. */
  serve(stream: ByteStream): ServerSession {
    const session = new ServerSession(stream, this.#setup);
    if (this.#phase === "closed") {
      session.destroy();
      return session;
    }
    this.#sessions.add(session);
    void session.closed.then(() => this.#sessions.delete(session));
    return session;
  }

  /** Resolves once the clients have received all that was sent so far, or are gone. A silent client delays it. */
  async flush(): Promise<void> {
    await Promise.all([...this.#sessions].map((session) => session.flush()));
  }

  /**
   * Takes no new calls and resolves when those in progress are over, or cut after `graceMs` (default
   * 10,000).
   */
  async close(options: { readonly graceMs?: number } = {}): Promise<void> {
    this.#phase = "closed";
    const sessions = [...this.#sessions];
    for (const session of sessions) session.close();
    const timer = this.#setup.clock.setTimer(options.graceMs ?? defaultGraceMs, () => {
      for (const session of sessions)
        session.destroy(new StatusError("UNAVAILABLE", "the server is closing"));
    });
    await Promise.all(sessions.map((session) => session.closed));
    timer.cancel();
  }

  /** Ends all connections now. */
  destroy(): void {
    this.#phase = "closed";
    for (const session of [...this.#sessions]) session.destroy();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
