import { KV } from "@drawbar/example-kv/kv";
import { grpcPlugin } from "drawbar";
import { Probe } from "./gen/probe_pb.ts";

export const handshake = { protocolVersion: 1, magicCookieKey: "BASIC_PLUGIN", magicCookieValue: "hello" };

/** What both our programs and those of conformance/peers/goplugin-grpc serve and dispense. */
export const plugins = { kv_grpc: grpcPlugin(KV), probe: grpcPlugin(Probe) };
