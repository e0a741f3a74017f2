import { onAbort } from "@drawbar/io";
import type { Dispatcher } from "undici";

/** An answer, from its headers on. */
export interface Response {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** To be read once. What came before a failure is given before the failure is. */
  readonly body: AsyncIterable<Buffer>;
  /** Gives the rest of the body up, and its connection. */
  discard(): void;
}

const maxWaitingBytes = 1024 * 1024;

/** Sends one GET through undici. The signal holds for headers and body. */
export function exchange(
  dispatcher: Dispatcher,
  url: URL,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const handler = new Exchange(resolve, reject, signal);
    const { origin, pathname, search } = url;
    try {
      dispatcher.dispatch({ origin, path: pathname + search, method: "GET", headers }, handler);
    } catch (error) {
      handler.onResponseError(undefined, error as Error);
    }
  });
}

// Not undici's own body, a node stream: that one drops what nobody has read yet when its connection is cut, and it is
// just these bytes that need not be fetched again.
class Exchange implements Dispatcher.DispatchHandler {
  readonly #resolve: (response: Response) => void;
  readonly #reject: (error: unknown) => void;
  readonly #unlink: () => void;
  #controller: Dispatcher.DispatchController | undefined;
  readonly #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #end: { readonly error: unknown } | undefined;
  #wake: () => void = () => {};

  constructor(resolve: (response: Response) => void, reject: (error: unknown) => void, signal: AbortSignal) {
    this.#resolve = resolve;
    this.#reject = reject;
    this.#unlink = onAbort(signal, (reason) => this.#finish(reason));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    // It may have been given up while it waited for a connection.
    if (this.#end !== undefined) controller.abort(givenUp());
  }

  onResponseStart(_controller: unknown, statusCode: number, headers: Response["headers"]): void {
    if (statusCode < 200) return;
    const discard = (): void => this.#finish(givenUp());
    this.#resolve({ statusCode, headers, body: this.#body(), discard });
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#waiting.push(chunk);
    this.#waitingBytes += chunk.length;
    if (this.#waitingBytes > maxWaitingBytes) controller.pause();
    this.#wake();
  }

  onResponseEnd(): void {
    this.#finish(undefined);
  }

  onResponseError(_controller: unknown, error: Error): void {
    this.#finish(error);
  }

  #finish(error: unknown): void {
    if (this.#end !== undefined) return;
    this.#end = { error };
    this.#unlink?.();
    this.#reject(error);
    if (error !== undefined && this.#controller?.aborted === false) this.#controller.abort(givenUp());
    this.#wake();
  }

  async *#body(): AsyncGenerator<Buffer> {
    for (;;) {
      const chunk = this.#waiting.shift();
      if (chunk !== undefined) {
        this.#waitingBytes -= chunk.length;
        if (this.#waitingBytes === 0 && this.#controller?.paused === true) this.#controller.resume();
        yield chunk;
      } else if (this.#end === undefined) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      } else if (this.#end.error === undefined) return;
      else throw this.#end.error;
    }
  }
}

function givenUp(): Error {
  return new Error("the answer is not wanted any more");
}
