import { grpcPlugin } from "drawbar";
import { KV } from "./gen/kv_pb.ts";

/** The store over gRPC: the service of `proto/kv.proto`. */
export const grpcStore = grpcPlugin(KV);
