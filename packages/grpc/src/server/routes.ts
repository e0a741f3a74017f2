import { compose, type Next } from "../call/interceptor.ts";
import type { MessageSource } from "../call/outbound-pump.ts";
import { once, only } from "../call/single-message.ts";
import type { AnyMethod, ServiceDefinition } from "../definition.ts";
import { StatusError } from "../status/status-error.ts";
import type { HandlerContext } from "./handler-context.ts";
import type { ServerCallInfo, ServerInterceptor } from "./server-call-info.ts";

type Requests = AsyncIterableIterator<unknown>;

/** A handler by the shape in which it is run. */
export type Run =
  | { readonly kind: "unary"; call(request: unknown, context: HandlerContext): unknown }
  | {
      readonly kind: "server_streaming";
      call(request: unknown, context: HandlerContext): MessageSource<unknown>;
    }
  | { readonly kind: "client_streaming"; call(requests: Requests, context: HandlerContext): unknown }
  | {
      readonly kind: "bidi_streaming";
      call(requests: Requests, context: HandlerContext): MessageSource<unknown>;
    };

/** Where a path leads. */
export interface Route {
  readonly method: AnyMethod;
  readonly run: Run;
}

/** A handler as it stands in an implementation, its types checked where it was added. */
export type AnyHandler = (input: unknown, context: HandlerContext) => unknown;

/** The handlers of a server by path. */
export class Routes {
  readonly #interceptors: readonly ServerInterceptor[];
  readonly #services = new Map<string, ServiceDefinition>();
  readonly #byPath = new Map<string, Route>();

  constructor(interceptors: readonly ServerInterceptor[]) {
    this.#interceptors = interceptors;
  }

  get services(): ServiceDefinition[] {
    return [...this.#services.values()];
  }

  /** Throws when the service is there already or the implementation has a name that the service does not. */
  add(service: ServiceDefinition, implementation: Readonly<Record<string, unknown>>): void {
    if (this.#services.has(service.name)) throw new Error(`service ${service.name} was added before`);
    this.#services.set(service.name, service);
    for (const [name, method] of Object.entries(service.methods)) {
      const handler = implementation[name];
      if (handler === undefined) continue;
      if (typeof handler !== "function") throw new TypeError(`${service.name}: ${name} is not a function`);
      const bound: AnyHandler = (input, context) => handler.call(implementation, input, context);
      this.#byPath.set(method.path, { method, run: this.#runner(method, bound) });
    }
  }

  find(path: string): Route | undefined {
    return this.#byPath.get(path);
  }

  /** UNIMPLEMENTED in grpc-go's words. */
  notFound(path: string): StatusError {
    const [, service, method] = /^\/([^/]+)\/(.*)$/.exec(path) ?? [];
    if (service === undefined) return new StatusError("UNIMPLEMENTED", `malformed method name: "${path}"`);
    const text = this.#services.has(service)
      ? `unknown method ${method} for service ${service}`
      : `unknown service ${service}`;
    return new StatusError("UNIMPLEMENTED", text);
  }

  #runner(method: AnyMethod, handler: AnyHandler): Run {
    if (this.#interceptors.length > 0) return intercepted(method, handler, this.#interceptors);
    // Implementation<Service> has checked that the handler fits its method's kind.
    return { kind: method.kind, call: handler } as Run;
  }
}

function intercepted(
  method: AnyMethod,
  handler: AnyHandler,
  interceptors: readonly ServerInterceptor[],
): Run {
  const run = compose(interceptors, atTheHandler(method, handler));
  const one = (request: unknown, context: HandlerContext): AsyncIterable<unknown> =>
    run({ method, requests: once(request), context });
  const many = (requests: AsyncIterable<unknown>, context: HandlerContext): AsyncIterable<unknown> =>
    run({ method, requests, context });
  switch (method.kind) {
    case "unary":
      return { kind: "unary", call: (request, context) => only(one(request, context), "reply") };
    case "server_streaming":
      return { kind: "server_streaming", call: one };
    case "client_streaming":
      return {
        kind: "client_streaming",
        call: (requests, context) => only(many(requests, context), "reply"),
      };
    case "bidi_streaming":
      return { kind: "bidi_streaming", call: many };
  }
}

// Where the interceptors end.
function atTheHandler(method: AnyMethod, handler: AnyHandler): Next<ServerCallInfo> {
  return async function* ({ requests, context }) {
    switch (method.kind) {
      case "unary":
        yield await handler(await only(requests, "request"), context);
        return;
      case "server_streaming":
        yield* handler(await only(requests, "request"), context) as MessageSource<unknown>;
        return;
      case "client_streaming":
        yield await handler(requests, context);
        return;
      case "bidi_streaming":
        yield* handler(requests, context) as MessageSource<unknown>;
    }
  };
}
