import { compose, type Next } from "../call/interceptor.ts";
import type { MessageSource } from "../call/outbound-pump.ts";
import { once, only } from "../call/single-message.ts";
import type { AnyMethod, MethodDefinition, ServiceDefinition } from "../definition.ts";
import { type CallOptions, mergeOptions } from "./call-options.ts";
import { type Channel, type ChannelCore, coreOf } from "./channel.ts";
import type { BoundMethod } from "./client-call.ts";
import type { ClientCallInfo } from "./client-call-info.ts";
import { RequestHeaders } from "./request-headers.ts";
import { StreamCall } from "./stream-call.ts";
import { UnaryCall } from "./unary-call.ts";

/** How a method of each kind is called. */
export interface ClientMethods<I, O> {
  unary: (request: I, options?: CallOptions) => Promise<O>;
  server_streaming: (request: I, options?: CallOptions) => AsyncIterableIterator<O>;
  client_streaming: (requests: MessageSource<I>, options?: CallOptions) => Promise<O>;
  bidi_streaming: (requests: MessageSource<I>, options?: CallOptions) => AsyncIterableIterator<O>;
}

/** How `Method` is called. */
export type ClientMethod<Method extends AnyMethod> =
  Method extends MethodDefinition<unknown, infer O, infer I, never>
    ? ClientMethods<I, O>[Method["kind"]]
    : never;

/** A service's methods as functions. */
export type Client<Service extends ServiceDefinition> = {
  readonly [Name in keyof Service["methods"]]: ClientMethod<Service["methods"][Name]>;
};

/**
 * A client of `service` on `channel`. Calls reject with StatusError. A streaming call begins when its
 * function is called, not when its replies are first read; leaving the replies early cancels it.
 *
 * @param defaults for every call; a call's own options come before them, metadata of both is sent
 */
export function createClient<Service extends ServiceDefinition>(
  service: Service,
  channel: Channel,
  defaults?: CallOptions,
): Client<Service> {
  const core = coreOf(channel);
  const entries = Object.entries<AnyMethod>(service.methods).map(([name, definition]) => {
    const headers = new RequestHeaders(definition.path, core.target, defaults?.metadata);
    return [name, callable({ definition, headers, channel: core }, withoutMetadata(defaults))];
  });
  return Object.fromEntries(entries) as Client<Service>;
}

// The metadata of the defaults is within the prepared headers already.
function withoutMetadata(defaults: CallOptions | undefined): CallOptions | undefined {
  return defaults?.metadata === undefined ? defaults : { ...defaults, metadata: undefined };
}

type Callable = (request: never, options?: CallOptions) => unknown;

const noOptions: CallOptions = {};

function callable(bound: BoundMethod, defaults: CallOptions | undefined): Callable {
  if (bound.channel.interceptors.length > 0) return intercepted(bound, bound.channel, defaults);
  const fallback = defaults ?? noOptions;
  const merged = (options: CallOptions | undefined): CallOptions =>
    options === undefined ? fallback : mergeOptions(defaults, options);
  switch (bound.definition.kind) {
    case "unary":
      return (request: unknown, options) => UnaryCall.run(bound, request, merged(options));
    case "server_streaming":
      return (request: unknown, options) => StreamCall.single(bound, request, merged(options)).replies;
    case "client_streaming":
      return (requests: MessageSource<unknown>, options) =>
        only(StreamCall.streaming(bound, requests, merged(options)).replies, "reply");
    case "bidi_streaming":
      return (requests: MessageSource<unknown>, options) =>
        StreamCall.streaming(bound, requests, merged(options)).replies;
  }
}

function intercepted(bound: BoundMethod, channel: ChannelCore, defaults: CallOptions | undefined): Callable {
  const { definition } = bound;
  const call = compose(channel.interceptors, onTheWire(bound));
  const begin = (
    requests: AsyncIterable<unknown>,
    options: CallOptions | undefined,
  ): AsyncIterable<unknown> =>
    call({ method: definition, requests, options: mergeOptions(defaults, options) });
  switch (definition.kind) {
    case "unary":
      return (request: unknown, options) => only(begin(once(request), options), "reply");
    case "server_streaming":
      return (request: unknown, options) => iterator(begin(once(request), options));
    case "client_streaming":
      return (requests: MessageSource<unknown>, options) => only(begin(toAsync(requests), options), "reply");
    case "bidi_streaming":
      return (requests: MessageSource<unknown>, options) => iterator(begin(toAsync(requests), options));
  }
}

// Where the interceptors end. Asked for one request, it may get more or none from an interceptor.
function onTheWire(bound: BoundMethod): Next<ClientCallInfo> {
  return async function* (call) {
    switch (bound.definition.kind) {
      case "unary":
        yield await UnaryCall.run(bound, await only(call.requests, "request"), call.options);
        return;
      case "server_streaming":
        yield* StreamCall.single(bound, await only(call.requests, "request"), call.options).replies;
        return;
      default:
        yield* StreamCall.streaming(bound, call.requests, call.options).replies;
    }
  };
}

async function* toAsync<T>(source: MessageSource<T>): AsyncGenerator<T, undefined, undefined> {
  yield* source;
}

async function* iterator<T>(messages: AsyncIterable<T>): AsyncGenerator<T, undefined, undefined> {
  yield* messages;
}
