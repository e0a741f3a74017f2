import * as gob from "@drawbar/gob";
import { method, service } from "@drawbar/netrpc";
import { netrpcPlugin } from "drawbar";

/** What the host and its plugins know each other by. */
export const handshake = {
  protocolVersion: 1,
  magicCookieKey: "BASIC_PLUGIN",
  magicCookieValue: "hello",
};

// Go's `Greet(args interface{}, reply *string)`: the argument is always nil.
const Greeter = service("Greeter", { Greet: method(gob.any, gob.string) });

/** What the host can dispense. */
export const plugins = {
  greeter: netrpcPlugin(Greeter, (greeter) => ({ greet: () => greeter.Greet(null) })),
};
