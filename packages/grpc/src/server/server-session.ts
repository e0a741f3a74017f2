import {
  type HeaderList,
  type Http2Options,
  type Http2Stream,
  ServerConnection,
  type StreamReceiver,
} from "@drawbar/http2";
import type { ByteStream, Clock } from "@drawbar/io";
import { IdentityCache } from "../call/identity-cache.ts";
import { Keepalive, type KeepaliveOptions } from "../call/keepalive.ts";
import { StatusError } from "../status/status-error.ts";
import { type RequestHead, readRequestHead } from "./request-head.ts";
import type { Routes } from "./routes.ts";
import type { ServerCore } from "./server-call.ts";
import { StreamServerCall } from "./stream-server-call.ts";
import { UnaryServerCall } from "./unary-server-call.ts";

/** What a session needs of its server. */
export interface SessionSetup {
  readonly core: ServerCore;
  readonly routes: Routes;
  readonly clock: Clock;
  readonly http2: Http2Options | undefined;
  readonly keepalive: KeepaliveOptions | undefined;
}

/** One connection of a server. */
export class ServerSession {
  readonly #setup: SessionSetup;
  readonly #connection: ServerConnection;
  readonly #heads = new IdentityCache<HeaderList, RequestHead>();
  readonly #keepalive: Keepalive | undefined;

  constructor(stream: ByteStream, setup: SessionSetup) {
    this.#setup = setup;
    this.#connection = new ServerConnection(
      stream,
      { onStream: (opened, headers, endStream) => this.#onStream(opened, headers, endStream) },
      {
        ...setup.http2,
        clock: setup.clock,
        onClosed: (error) => {
          this.#keepalive?.stop();
          setup.http2?.onClosed?.(error);
        },
      },
    );
    if (setup.keepalive !== undefined) this.#keepalive = this.#startKeepalive(setup.keepalive);
  }

  get state(): "open" | "draining" | "closed" {
    return this.#connection.state;
  }

  /** Resolves when the connection is over, with the error if it did not end in order. Never rejects. */
  get closed(): Promise<Error | undefined> {
    return this.#connection.closed;
  }

  /** Resolves once the client has received all that was sent so far, or the connection is over. Never rejects. */
  async flush(): Promise<void> {
    // What answers a PING has read what came before it.
    await this.#connection.ping().catch(() => {});
  }

  /** Takes no new calls, and closes when those in progress are over. */
  close(): void {
    this.#connection.close();
  }

  /** Ends the connection now; calls in progress see it as cancellation. */
  destroy(error?: Error): void {
    this.#connection.destroy(error);
  }

  #onStream(stream: Http2Stream, headers: HeaderList, endStream: boolean): StreamReceiver {
    const head = this.#headOf(headers);
    if (head.kind === "refused") {
      stream.sendHeaders(head.answer, true);
      if (!endStream) stream.reset("NO_ERROR");
      return ignoring;
    }
    const { core } = this.#setup;
    if (head.route.run.kind === "unary") {
      const call = new UnaryServerCall(core, stream, headers, head);
      if (endStream) call.endRequest();
      return call;
    }
    const call = new StreamServerCall(core, stream, headers, head);
    if (endStream) call.endRequest();
    call.run();
    return call;
  }

  #headOf(headers: HeaderList): RequestHead {
    const known = this.#heads.get(headers);
    if (known !== undefined) return known;
    const head = readRequestHead(headers, this.#setup.routes);
    if (head.kind === "accepted") this.#heads.set(headers, head);
    return head;
  }

  #startKeepalive(options: KeepaliveOptions): Keepalive {
    return new Keepalive(options, this.#setup.clock, {
      ping: () => this.#connection.ping(),
      needed: () => true,
      onSilence: (afterMs) => {
        const text = `the client did not answer a keepalive ping within ${afterMs} ms`;
        this.#connection.destroy(new StatusError("UNAVAILABLE", text));
      },
    });
  }
}

const ignoring: StreamReceiver = {
  onHeaders: () => {},
  onData: () => {},
  onTrailers: () => {},
  onDrain: () => {},
  onReset: () => {},
};
