import type { Interceptor } from "../call/interceptor.ts";
import type { AnyMethod } from "../definition.ts";
import type { HandlerContext } from "./handler-context.ts";

/** A call as server interceptors see it. */
export interface ServerCallInfo {
  readonly method: AnyMethod;
  /** The messages received; one for unary and server-streaming calls. */
  readonly requests: AsyncIterable<unknown>;
  readonly context: HandlerContext;
}

/** Stands around a server's handlers. */
export type ServerInterceptor = Interceptor<ServerCallInfo>;
