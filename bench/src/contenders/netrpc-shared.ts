import * as gob from "@drawbar/gob";
import { method, service } from "@drawbar/netrpc";
import { netrpcPlugin } from "drawbar";

/** The reading half of the key/value store of go-plugin's example, over net/rpc. */
export const store = netrpcPlugin(service("KV", { Get: method(gob.string, gob.bytes) }));
