import { grpcPlugin } from "drawbar";
import { KV } from "./gen/kv_pb.ts";

/** What the host and its plugins know each other by. */
export const handshake = {
  protocolVersion: 1,
  magicCookieKey: "BASIC_PLUGIN",
  magicCookieValue: "hello",
};

/** What the host can dispense. */
export const plugins = {
  kv_grpc: grpcPlugin(KV),
};
