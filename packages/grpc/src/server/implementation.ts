import type { MessageSource } from "../call/outbound-pump.ts";
import type { AnyMethod, MethodDefinition, ServiceDefinition } from "../definition.ts";
import type { HandlerContext } from "./handler-context.ts";

/**
 * How a method of each kind is implemented. What a handler throws becomes the call's status: a StatusError
 * as it is, any other error as UNKNOWN with its message.
 */
export interface Handlers<I, O> {
  /** A handler that returns its reply, not a promise of it, is answered at once. */
  unary: (request: I, context: HandlerContext) => O | PromiseLike<O>;
  server_streaming: (request: I, context: HandlerContext) => MessageSource<O>;
  client_streaming: (requests: AsyncIterableIterator<I>, context: HandlerContext) => O | PromiseLike<O>;
  bidi_streaming: (requests: AsyncIterableIterator<I>, context: HandlerContext) => MessageSource<O>;
}

/** How `Method` is implemented. */
export type Handler<Method extends AnyMethod> =
  Method extends MethodDefinition<infer I, unknown, never, infer O> ? Handlers<I, O>[Method["kind"]] : never;

/** A service's methods as handlers; one that is missing answers UNIMPLEMENTED. */
export type Implementation<Service extends ServiceDefinition> = {
  readonly [Name in keyof Service["methods"]]: Handler<Service["methods"][Name]>;
};
