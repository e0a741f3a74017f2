import { grpcPlugin } from "drawbar";
import { StreamerService } from "./gen/streamer_pb.ts";

export const handshake = {
  protocolVersion: 1,
  magicCookieKey: "BASIC_PLUGIN",
  magicCookieValue: "hello",
};

export const plugins = { streamer: grpcPlugin(StreamerService) };
