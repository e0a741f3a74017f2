import * as gob from "@drawbar/gob";
import { type Method, method, type Service, service } from "@drawbar/netrpc";

// go-plugin's own services on the control stream, as its hosts and plugins know them.

// `struct{}`: these methods answer that they were done, and nothing else.
const nothing: gob.StructSchema<Record<never, never>> = gob.struct("", {});
const command: Method<typeof gob.bool, typeof nothing> = method(gob.bool, nothing);

/** Asks whether the plugin serves, and asks it to end. The argument has no meaning; Go sends true. */
export const controlService: Service<{ readonly Ping: typeof command; readonly Quit: typeof command }> =
  service("Control", { Ping: command, Quit: command });

const stated: gob.StructSchema<{ readonly Name: typeof gob.string; readonly Version: typeof gob.string }> =
  gob.struct("Stated", { Name: gob.string, Version: gob.string });

/** What the plugin says of itself. Only plugins made with drawbar have it; what is not stated is empty. */
export const describeService: Service<{ readonly Describe: Method<typeof gob.bool, typeof stated> }> =
  service("Drawbar", { Describe: method(gob.bool, stated) });

/** Makes a plugin by its name; the answer is the number to dial for it. */
export const dispenserService: Service<{
  readonly Dispense: Method<typeof gob.string, typeof gob.uint32>;
}> = service("Dispenser", { Dispense: method(gob.string, gob.uint32) });
