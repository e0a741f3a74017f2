import { grpcStore } from "./store-grpc.ts";
import { netrpcStore } from "./store-netrpc.ts";

/** What the host can dispense, under the names of go-plugin's example. A plugin program imports its own half. */
export const plugins = { kv_grpc: grpcStore, kv: netrpcStore };
