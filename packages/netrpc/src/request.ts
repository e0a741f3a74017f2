import type { RequestContext } from "./contract.ts";

/** A request that is being handled. */
export class Request implements RequestContext {
  readonly serviceMethod: string;
  readonly seq: number;
  #controller: AbortController | undefined;

  constructor(serviceMethod: string, seq: number) {
    this.serviceMethod = serviceMethod;
    this.seq = seq;
  }

  // Made when it is asked for: most handlers do not.
  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    return this.#controller.signal;
  }

  abort(reason: Error): void {
    this.#controller ??= new AbortController();
    this.#controller.abort(reason);
  }
}
