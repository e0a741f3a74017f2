import { ClientConnection, type HeaderList, type Http2Options } from "@drawbar/http2";
import { type ByteStream, type Clock, systemClock } from "@drawbar/io";
import { DeadlineTimers } from "../call/deadline-timers.ts";
import { IdentityCache } from "../call/identity-cache.ts";
import { Keepalive, type KeepaliveOptions } from "../call/keepalive.ts";
import { largestDefaultMessageBytes, type MessageLimit } from "../codec/message-limit.ts";
import { userAgent } from "../codec/user-agent.ts";
import { StatusError } from "../status/status-error.ts";
import type { ClientInterceptor } from "./client-call-info.ts";
import type { RequestTarget } from "./request-headers.ts";
import type { ResponseHead } from "./response-head.ts";
import { type ChannelState, type ConnectionWatch, type PendingCall, Transport } from "./transport.ts";

/** What a channel is made of; see the fields for defaults. */
export interface ChannelOptions {
  /**
   * Gives a connection to the peer. Called for the first call, and again when the connection before was
   * lost or is draining; a peer that can be reached only once throws then, and calls fail with UNAVAILABLE.
   */
  readonly connect: () => PromiseLike<ByteStream> | ByteStream;
  /** The `:authority` of requests. Default "localhost". */
  readonly authority?: string | undefined;
  /** The `:scheme` of requests. Default "http". */
  readonly scheme?: "http" | "https" | undefined;
  /** Default 2^31-1, as go-plugin's host. */
  readonly maxReceiveMessageBytes?: number | undefined;
  /** Default 2^31-1. */
  readonly maxSendMessageBytes?: number | undefined;
  /** Pings while calls are in flight, so that a silent peer is noticed. Default: none. */
  readonly keepalive?: KeepaliveOptions | undefined;
  /** Around every call, the first outermost. */
  readonly interceptors?: readonly ClientInterceptor[] | undefined;
  /** Told of each change of `state`. */
  readonly onStateChange?: ((state: ChannelState) => void) | undefined;
  readonly http2?: Http2Options | undefined;
  readonly clock?: Clock | undefined;
}

/** What calls need of their channel. */
export interface ChannelCore {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly deadlines: DeadlineTimers;
  readonly receiveLimit: MessageLimit;
  readonly sendLimit: MessageLimit;
  readonly target: RequestTarget;
  readonly interceptors: readonly ClientInterceptor[];
  /** Response headers that were found good before, and endings that were OK. */
  readonly heads: IdentityCache<HeaderList, ResponseHead>;
  readonly goodEndings: IdentityCache<HeaderList, true>;
  /** Counts calls in flight. */
  activeCalls: number;
}

const cores = new WeakMap<Channel, ChannelCore>();

/** For this package's own calls; not exported from it. */
export function coreOf(channel: Channel): ChannelCore {
  const core = cores.get(channel);
  if (core === undefined) throw new TypeError("not a Channel of this copy of @drawbar/grpc");
  return core;
}

/** One logical peer that calls are made to. Connects when the first call needs it. */
export class Channel implements AsyncDisposable {
  readonly #core: ChannelCore;
  readonly #options: ChannelOptions;
  readonly #clock: Clock;

  constructor(options: ChannelOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    const { maxReceiveMessageBytes, maxSendMessageBytes } = options;
    this.#core = {
      transport: new Transport((watch) => this.#dial(watch), options.onStateChange ?? (() => {})),
      clock: this.#clock,
      deadlines: new DeadlineTimers(this.#clock),
      receiveLimit: {
        bytes: maxReceiveMessageBytes ?? largestDefaultMessageBytes,
        option: "maxReceiveMessageBytes of the Channel",
      },
      sendLimit: {
        bytes: maxSendMessageBytes ?? largestDefaultMessageBytes,
        option: "maxSendMessageBytes of the Channel",
      },
      target: {
        scheme: options.scheme ?? "http",
        authority: options.authority ?? "localhost",
        userAgent,
      },
      interceptors: options.interceptors ?? [],
      heads: new IdentityCache(),
      goodEndings: new IdentityCache(),
      activeCalls: 0,
    };
    cores.set(this, this.#core);
  }

  get state(): ChannelState {
    return this.#core.transport.state;
  }

  /** Calls begun and not yet over. */
  get activeCalls(): number {
    return this.#core.activeCalls;
  }

  /** Connects now rather than with the first call. Rejects with UNAVAILABLE. */
  connect(): Promise<void> {
    return new Promise((resolve, reject) => {
      const call: PendingCall = { start: () => resolve(), fail: reject };
      this.#core.transport.begin(call);
    });
  }

  /** Lets calls in flight finish, then closes; new calls fail with UNAVAILABLE. */
  close(): Promise<void> {
    return this.#core.transport.close();
  }

  /** Ends everything now. Calls in flight and later ones fail with UNAVAILABLE, with `error` as their cause. */
  destroy(error: Error): void {
    this.#core.transport.destroy(error);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #dial(watch: ConnectionWatch): ClientConnection | Promise<ClientConnection> {
    const stream = this.#options.connect();
    if (!("then" in stream)) return this.#open(stream, watch);
    return Promise.resolve(stream).then((opened) => this.#open(opened, watch));
  }

  #open(stream: ByteStream, watch: ConnectionWatch): ClientConnection {
    let keepalive: Keepalive | undefined;
    const connection = new ClientConnection(stream, {
      ...this.#options.http2,
      clock: this.#clock,
      onDraining: () => watch.onDraining(),
      onClosed: () => {
        keepalive?.stop();
        watch.onClosed();
      },
    });
    if (this.#options.keepalive !== undefined) {
      keepalive = new Keepalive(this.#options.keepalive, this.#clock, {
        ping: () => connection.ping(),
        needed: () => this.#core.activeCalls > 0,
        onSilence: (afterMs) => connection.destroy(silenceError(afterMs)),
      });
    }
    return connection;
  }
}

function silenceError(afterMs: number): StatusError {
  return new StatusError("UNAVAILABLE", `the peer did not answer a keepalive ping within ${afterMs} ms`);
}
