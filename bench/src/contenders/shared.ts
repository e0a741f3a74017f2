import { grpcPlugin, type Handshake } from "drawbar";
import { KV } from "../gen/kv_pb.ts";

/** The handshake of go-plugin's own key/value example, so that Go and TypeScript sides can be mixed. */
export const handshake: Handshake = {
  protocolVersion: 1,
  magicCookieKey: "BASIC_PLUGIN",
  magicCookieValue: "hello",
};

/** The plugin set of the measured programs. */
export const plugins = { kv_grpc: grpcPlugin(KV) };
