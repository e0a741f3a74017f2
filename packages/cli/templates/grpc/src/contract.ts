import { grpcPlugin, type Handshake } from "drawbar";
import { Greeter } from "./gen/greeter_pb.ts";

/** What host and plugin know each other by. It is no secret; raise the version when the contract changes. */
export const handshake: Handshake = {
  protocolVersion: 1,
  magicCookieKey: "COOKIE_KEY",
  magicCookieValue: "COOKIE_VALUE",
};

/** What a host can dispense. */
export const plugins = { greeter: grpcPlugin(Greeter) };
