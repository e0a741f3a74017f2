import type { Interceptor } from "../call/interceptor.ts";
import type { AnyMethod } from "../definition.ts";
import type { CallOptions } from "./call-options.ts";

/** A call as client interceptors see it. */
export interface ClientCallInfo {
  readonly method: AnyMethod;
  /** The messages to send; one for unary and server-streaming calls. */
  readonly requests: AsyncIterable<unknown>;
  readonly options: CallOptions;
}

/** Stands around a client's calls. */
export type ClientInterceptor = Interceptor<ClientCallInfo>;
