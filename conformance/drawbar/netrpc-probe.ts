import { plugins as workshopPlugins } from "@drawbar/example-netrpc-args/workshop";
import * as gob from "@drawbar/gob";
import { method, service } from "@drawbar/netrpc";
import { netrpcPlugin } from "drawbar";
import { basicError } from "drawbar/netrpc";

// What conformance/peers/goplugin-netrpc registers and serves.

export const handshake = { protocolVersion: 1, magicCookieKey: "BASIC_PLUGIN", magicCookieValue: "hello" };

export const Circle = gob.struct("Circle", { Radius: gob.float64 });
const Square = gob.struct("Square", { Side: gob.float64 });
const CodeError = gob.struct("CodeError", { Code: gob.int, Text: gob.string });

/** What an `interface{}` of the probe may hold, besides Go's basic types. */
export const registry = new gob.Registry().register(Circle, "main.Circle").register(Square, "*main.Square");

const Shape = gob.oneOf({ "main.Circle": Circle, "*main.Square": Square });
const Drawing = gob.struct("Drawing", { Title: gob.string, Shapes: gob.slice(Shape) });
const Outcome = gob.struct("Outcome", {
  Failure: gob.oneOf({ "*main.CodeError": CodeError, "*plugin.BasicError": basicError }),
  Basic: gob.pointer(basicError),
});

/** A service with one method for each kind of value. */
export const Probe = service("Probe", {
  Echo: method(gob.bytes, gob.bytes),
  Any: method(gob.any, gob.any),
  Redraw: method(Drawing, Drawing),
  Fail: method(gob.string, Outcome),
  Do: method(gob.string, gob.string),
});

export const plugins = { probe: netrpcPlugin(Probe), workshop: workshopPlugins.workshop };

/** What a host of ours dispenses of these. */
export interface Goods {
  readonly probe: Awaited<ReturnType<typeof plugins.probe.client>>;
  readonly workshop: Awaited<ReturnType<typeof plugins.workshop.client>>;
}
