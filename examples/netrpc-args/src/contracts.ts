import * as gob from "@drawbar/gob";
import { method, service } from "@drawbar/netrpc";

// On the wire a service or a stream is the number of a brokered connection.
const connectionId = gob.uint32;

/** Served by the host, called by the plugin. */
export const Adder = service("Adder", {
  Add: method(gob.struct("AddArgs", { A: gob.int, B: gob.int }), gob.int),
});

/** Served by the plugin for one caller each. */
export const Counter = service("Counter", { Add: method(gob.int, gob.int) });

/** The plugin itself. */
export const Workshop = service("Workshop", {
  /** The sum of numbers, by the caller's Adder. */
  Sum: method(gob.struct("SumArgs", { Numbers: gob.slice(gob.int), Adder: connectionId }), gob.int),
  /** A Counter that begins with the number given. */
  NewCounter: method(gob.int, connectionId),
  /** Counts the bytes of a stream that the caller writes. */
  Upload: method(connectionId, gob.int),
  /** Writes a text some times into a stream that the caller reads. */
  Download: method(
    gob.struct("DownloadArgs", { Text: gob.string, Times: gob.int, Stream: connectionId }),
    gob.struct("", {}),
  ),
});
