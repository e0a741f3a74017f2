import { KV } from "@drawbar/example-kv/kv";
import { grpcPlugin } from "drawbar";
import { Probe } from "./gen/probe_pb.ts";

export const handshake = { protocolVersion: 1, magicCookieKey: "BASIC_PLUGIN", magicCookieValue: "hello" };

/** What both our programs and those of conformance/peers/goplugin-grpc serve and dispense. */
export const plugins = { kv_grpc: grpcPlugin(KV), probe: grpcPlugin(Probe) };

/** The releases of go-plugin that those programs are built against. */
export const goReleases = ["1.4.3", "1.6.3", "1.8.0"] as const;
