import type { ClientOptions, ServerOptions } from "@drawbar/netrpc";
import type { SessionOptions } from "@drawbar/yamux";

/** How net/rpc is spoken with a plugin, or by it; all of it has the defaults of Go's own. */
export interface NetRpcSettings
  extends Pick<ClientOptions, "registry" | "limits" | "timeoutMs">,
    Pick<ServerOptions, "maxConcurrentRequests"> {
  /** The yamux session that carries every stream. */
  readonly session?: Omit<SessionOptions, "role" | "onStream" | "clock">;
}
