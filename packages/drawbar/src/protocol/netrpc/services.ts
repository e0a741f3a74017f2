import * as gob from "@drawbar/gob";
import { type Method, method, type Service, service } from "@drawbar/netrpc";

// go-plugin's own services on the control stream, as its hosts and plugins know them.

// `struct{}`: these methods answer that they were done, and nothing else.
const nothing: gob.StructSchema<Record<never, never>> = gob.struct("", {});
const command: Method<typeof gob.bool, typeof nothing> = method(gob.bool, nothing);

/** Asks whether the plugin serves, and asks it to end. The argument has no meaning; Go sends true. */
export const controlService: Service<{ readonly Ping: typeof command; readonly Quit: typeof command }> =
  service("Control", { Ping: command, Quit: command });

/** Makes a plugin by its name; the answer is the number to dial for it. */
export const dispenserService: Service<{
  readonly Dispense: Method<typeof gob.string, typeof gob.uint32>;
}> = service("Dispenser", { Dispense: method(gob.string, gob.uint32) });
