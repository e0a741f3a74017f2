import type { AnySchema, Infer, Input } from "@drawbar/gob";

/** One method: what it takes and what it answers. */
export interface Method<A extends AnySchema = AnySchema, R extends AnySchema = AnySchema> {
  readonly args: A;
  readonly reply: R;
}

/** Methods by name. Go offers only names that begin with an upper-case letter. */
export type Methods = Readonly<Record<string, Method>>;

/** What a client and a server agree on: a service's usual name and its methods. */
export interface Service<M extends Methods = Methods> {
  readonly name: string;
  readonly methods: M;
}

/** A method with the schemas of its argument and its reply: Go's `func (t *T) Name(args A, reply *R) error`. */
export function method<A extends AnySchema, R extends AnySchema>(args: A, reply: R): Method<A, R> {
  return { args, reply };
}

/** The contract of a service. `name` is what Go's `Register` takes from the type, or `RegisterName` is given. */
export function service<M extends Methods>(name: string, methods: M): Service<M> {
  return { name, methods };
}

/** How one call is made. */
export interface CallOptions {
  /**
   * Settles the call with the signal's reason when it aborts. The server is not told, as net/rpc has no
   * word for it: a late answer is dropped.
   */
  readonly signal?: AbortSignal | undefined;
  /** Longest time to the answer. Default: the client's `timeoutMs`. 0 for no limit. */
  readonly timeoutMs?: number | undefined;
}

/** A service as its callers see it. Each method rejects with a NetRpcError, or the signal's reason. */
export type ServiceClient<M extends Methods> = {
  readonly [K in keyof M]: (
    args: Input<M[K]["args"]>,
    options?: CallOptions,
  ) => Promise<Infer<M[K]["reply"]>>;
};

/** A request as its handler sees it. */
export interface RequestContext {
  /** As the client wrote it, such as `Arith.Multiply`. */
  readonly serviceMethod: string;
  /** Aborts when the connection is lost before the answer is sent. */
  readonly signal: AbortSignal;
}

/**
 * A service as it is implemented. What is thrown is sent to the caller as its message; the connection
 * goes on.
 */
export type Implementation<M extends Methods> = {
  readonly [K in keyof M]: (
    args: Infer<M[K]["args"]>,
    context: RequestContext,
  ) => Input<M[K]["reply"]> | Promise<Input<M[K]["reply"]>>;
};
