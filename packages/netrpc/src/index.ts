export { Client, type ClientOptions } from "./client.ts";
export {
  type CallOptions,
  type Implementation,
  type Method,
  type Methods,
  method,
  type RequestContext,
  type Service,
  type ServiceClient,
  service,
} from "./contract.ts";
export { NetRpcError, type NetRpcErrorCode, ServerError } from "./errors.ts";
export { type ServedConnection, Server, type ServerOptions } from "./server.ts";
