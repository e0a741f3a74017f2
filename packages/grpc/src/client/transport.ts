import type { ClientConnection } from "@drawbar/http2";
import { StatusError } from "../status/status-error.ts";

/** A call that waits for a connection. */
export interface PendingCall {
  start(connection: ClientConnection): void;
  fail(error: StatusError): void;
}

/** Where a channel stands. `idle`: the next call connects. */
export type ChannelState = "idle" | "connecting" | "ready" | "closed";

type State =
  | { readonly kind: "idle" }
  | { readonly kind: "connecting"; readonly waiting: PendingCall[] }
  | { readonly kind: "ready"; readonly connection: ClientConnection }
  | { readonly kind: "closed"; readonly reason: StatusError };

/** Called by the transport about the connections it makes. */
export interface ConnectionWatch {
  onDraining(): void;
  onClosed(): void;
}

/** Makes a connection; may throw, reject or answer at once. */
export type Dial = (watch: ConnectionWatch) => ClientConnection | PromiseLike<ClientConnection>;

/** Gives calls a connection: makes one when there is none, and a new one once the last drains or is lost. */
export class Transport {
  readonly #dial: Dial;
  readonly #onState: (state: ChannelState) => void;
  // Those that drain stay here until their last call is over.
  readonly #connections = new Set<ClientConnection>();
  #state: State = { kind: "idle" };
  #destroyError: Error | undefined;

  constructor(dial: Dial, onState: (state: ChannelState) => void) {
    this.#dial = dial;
    this.#onState = onState;
  }

  get state(): ChannelState {
    return this.#state.kind;
  }

  /** The error that the channel was destroyed with: the true cause of what its calls see. */
  get destroyError(): Error | undefined {
    return this.#destroyError;
  }

  /** Starts `call` on the present connection or on one yet to be made. */
  begin(call: PendingCall): void {
    const state = this.#state;
    switch (state.kind) {
      case "ready":
        // A connection that is ending resets its calls before it says so.
        if (state.connection.state === "open") call.start(state.connection);
        else this.#connect(call);
        return;
      case "connecting":
        state.waiting.push(call);
        return;
      case "closed":
        call.fail(state.reason);
        return;
      case "idle":
        this.#connect(call);
        return;
    }
  }

  /** No new calls; resolves once those in flight are over. */
  async close(): Promise<void> {
    this.#shut(new StatusError("UNAVAILABLE", "the channel is closed"));
    const connections = [...this.#connections];
    for (const connection of connections) connection.close();
    await Promise.all(connections.map((connection) => connection.closed));
  }

  /** Ends everything now; calls fail with UNAVAILABLE and `error` as its cause. */
  destroy(error: Error): void {
    this.#destroyError ??= error;
    this.#shut(new StatusError("UNAVAILABLE", error.message, { cause: error }));
    for (const connection of [...this.#connections]) connection.destroy(error);
  }

  #connect(call: PendingCall): void {
    const waiting = [call];
    this.#enter({ kind: "connecting", waiting });
    let connection: ClientConnection | undefined;
    const watch: ConnectionWatch = {
      onDraining: () => this.#leave(connection),
      onClosed: () => this.#lost(connection),
    };
    const arrived = (made: ClientConnection): void => {
      connection = made;
      this.#connected(made, waiting);
    };
    try {
      const dialled = this.#dial(watch);
      if ("then" in dialled) dialled.then(arrived, (error: unknown) => this.#failed(error, waiting));
      else arrived(dialled);
    } catch (error) {
      this.#failed(error, waiting);
    }
  }

  #connected(connection: ClientConnection, waiting: readonly PendingCall[]): void {
    if (this.#state.kind === "closed") {
      connection.destroy(this.#state.reason);
      return;
    }
    if (connection.state !== "closed") this.#connections.add(connection);
    this.#enter(connection.state === "open" ? { kind: "ready", connection } : { kind: "idle" });
    for (const call of waiting) call.start(connection);
  }

  #failed(error: unknown, waiting: readonly PendingCall[]): void {
    const text = error instanceof Error ? error.message : String(error);
    const failure = new StatusError("UNAVAILABLE", `could not connect: ${text}`, { cause: error });
    if (this.#state.kind === "connecting") this.#enter({ kind: "idle" });
    for (const call of waiting) call.fail(failure);
  }

  // GOAWAY: its calls may finish there, the next ones go elsewhere.
  #leave(connection: ClientConnection | undefined): void {
    if (this.#state.kind === "ready" && this.#state.connection === connection) this.#enter({ kind: "idle" });
  }

  #lost(connection: ClientConnection | undefined): void {
    if (connection === undefined) return;
    this.#connections.delete(connection);
    this.#leave(connection);
  }

  #shut(reason: StatusError): void {
    if (this.#state.kind === "closed") return;
    const waiting = this.#state.kind === "connecting" ? this.#state.waiting : [];
    this.#enter({ kind: "closed", reason });
    for (const call of waiting.splice(0)) call.fail(reason);
  }

  #enter(state: State): void {
    this.#state = state;
    this.#onState(state.kind);
  }
}
