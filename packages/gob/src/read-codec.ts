import type { Codec } from "./codec.ts";
import { Fault } from "./fault.ts";
import type { Reader } from "./reader.ts";

/** Reads a value that a codec decodes. */
export function codecReader(codec: Codec<unknown>): (r: Reader) => unknown {
  return (r) => {
    const at = r.offset;
    const bytes = r.ownBytes();
    try {
      return codec.decode(bytes);
    } catch (thrown) {
      const why = thrown instanceof Error ? thrown.message : String(thrown);
      throw new Fault("gob-codec", `${codec.name} cannot be decoded: ${why}`, at, thrown);
    }
  };
}
