/** Goes on with a call: to the next interceptor, and at last to the wire or to the handler. */
export type Next<Call> = (call: Call) => AsyncIterable<unknown>;

/**
 * Stands around calls, on either side and of all four kinds in one shape: requests come as an
 * AsyncIterable in `call.requests`, replies leave as one (a unary call has one of each). It may change
 * either, or the call's other fields by passing a changed copy to `next`, look at errors, answer by itself
 * or call `next` again.
 *
 * @example
 * const timed: ClientInterceptor = async function* (call, next) {
 *   const start = performance.now();
 *   try {
 *     yield* next(call);
 *   } finally {
 *     report(call.method.path, performance.now() - start);
 *   }
 * };
 */
export type Interceptor<Call> = (call: Call, next: Next<Call>) => AsyncIterable<unknown>;

/** All interceptors around `last`, the first one outermost. */
export function compose<Call>(interceptors: readonly Interceptor<Call>[], last: Next<Call>): Next<Call> {
  return interceptors.reduceRight<Next<Call>>((next, interceptor) => (call) => interceptor(call, next), last);
}
