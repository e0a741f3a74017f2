import { StreamerService } from "@drawbar/example-streaming/streamer";
import { grpcPlugin } from "drawbar";
import { KV } from "../gen/kv_pb.ts";

export { handshake } from "./handshake.ts";

/** The plugin set of the measured programs. */
export const plugins = { kv_grpc: grpcPlugin(KV), streamer: grpcPlugin(StreamerService) };

/** One message of a stream, and how many a stream has: the Go side's are the same. */
export const chunk: Uint8Array<ArrayBuffer> = new Uint8Array(64 * 1024);
export const chunksPerStream = 512;
