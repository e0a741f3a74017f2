import * as gob from "@drawbar/gob";
import { method, service } from "@drawbar/netrpc";
import { type Handshake, netrpcPlugin } from "drawbar";

/** What host and plugin know each other by. It is no secret; raise the version when the contract changes. */
export const handshake: Handshake = {
  protocolVersion: 1,
  magicCookieKey: "COOKIE_KEY",
  magicCookieValue: "COOKIE_VALUE",
};

/** As a Go program has it: Greet(name string, reply *string) error. */
const Greeter = service("Greeter", { Greet: method(gob.string, gob.string) });

/** What a host can dispense. */
export const plugins = { greeter: netrpcPlugin(Greeter) };
