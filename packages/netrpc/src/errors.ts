import { DrawbarError } from "@drawbar/io";

/**
 * Why a call, a registration or a connection failed.
 *
 * - `netrpc-server-error`: the server answered with an error (`ServerError`)
 * - `netrpc-timeout`: no answer came in time
 * - `netrpc-shut-down`: the client is closed; Go's `rpc.ErrShutdown`
 * - `netrpc-connection-lost`: the connection ended before the answer came
 * - `netrpc-bad-args`: the argument does not fit the contract; nothing was sent
 * - `netrpc-bad-reply`: the reply does not fit the contract; the connection goes on
 * - `netrpc-bad-stream`: what arrives is not net/rpc; the connection is over
 * - `netrpc-bad-service`: a service cannot be registered
 */
export type NetRpcErrorCode =
  | "netrpc-server-error"
  | "netrpc-timeout"
  | "netrpc-shut-down"
  | "netrpc-connection-lost"
  | "netrpc-bad-args"
  | "netrpc-bad-reply"
  | "netrpc-bad-stream"
  | "netrpc-bad-service";

/** The error of this package. `facts` has `serviceMethod` where one call is concerned. */
export class NetRpcError extends DrawbarError<NetRpcErrorCode> {}

/** What the server answered instead of a reply: Go's `rpc.ServerError`. The message is the server's, unchanged. */
export class ServerError extends NetRpcError {
  constructor(message: string, serviceMethod: string) {
    super("netrpc-server-error", message, { facts: { serviceMethod } });
  }
}

export function timedOut(serviceMethod: string, timeoutMs: number): NetRpcError {
  return new NetRpcError("netrpc-timeout", `no answer to ${serviceMethod} came within ${timeoutMs} ms`, {
    facts: { serviceMethod, timeoutMs },
  });
}

export function shutDown(): NetRpcError {
  return new NetRpcError("netrpc-shut-down", "connection is shut down: one of its ends has closed it");
}

export function connectionLost(cause: Error | undefined): NetRpcError {
  const because = cause === undefined ? "the peer closed it" : cause.message;
  return new NetRpcError(
    "netrpc-connection-lost",
    `the connection was lost before the answer came: ${because}`,
    {
      cause,
    },
  );
}

export function badArgs(serviceMethod: string, cause: Error): NetRpcError {
  return new NetRpcError(
    "netrpc-bad-args",
    `the argument of ${serviceMethod} does not fit: ${cause.message}`,
    {
      cause,
      facts: { serviceMethod },
    },
  );
}

export function badReply(serviceMethod: string, cause: Error): NetRpcError {
  return new NetRpcError("netrpc-bad-reply", `the reply of ${serviceMethod} does not fit: ${cause.message}`, {
    cause,
    facts: { serviceMethod },
  });
}

export function badStream(cause: Error): NetRpcError {
  return new NetRpcError("netrpc-bad-stream", `the peer sent what is not net/rpc: ${cause.message}`, {
    cause,
  });
}

export function badService(name: string, what: string): NetRpcError {
  return new NetRpcError("netrpc-bad-service", `cannot register service ${name}: ${what}`, {
    facts: { name },
  });
}
