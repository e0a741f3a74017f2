import type { Readable, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { netrpcPlugin, toDuplex } from "drawbar";
import { Adder, Counter, Workshop } from "./contracts.ts";

/** What the host and its plugins know each other by. */
export const handshake = {
  protocolVersion: 1,
  magicCookieKey: "BASIC_PLUGIN",
  magicCookieValue: "hello",
};

// What the host dispenses: functions and streams, where the contract has numbers of connections.
const workshop = netrpcPlugin(Workshop, (service, broker) => ({
  /** The plugin adds with `add`, which runs here. */
  async sum(numbers: number[], add: (a: number, b: number) => number): Promise<number> {
    const id = broker.nextId();
    const adder = broker.acceptAndServe(id, Adder, { Add: ({ A, B }) => add(A, B) });
    try {
      return await service.Sum({ Numbers: numbers, Adder: id });
    } finally {
      await adder.close();
    }
  },

  /** A counter that lives in the plugin until it is closed. */
  async newCounter(start: number) {
    return broker.dialService(await service.NewCounter(start), Counter);
  },

  /** The plugin reads `source` to its end, and says how many bytes that were. */
  async upload(source: Readable): Promise<number> {
    const id = broker.nextId();
    const write = async (): Promise<void> => {
      // The plugin sends nothing on this stream; its end is taken all the same.
      await pipeline(source, toDuplex(await broker.accept(id)).resume());
    };
    const [count] = await Promise.all([service.Upload(id), write()]);
    return count;
  },

  /** The plugin writes into `sink`. */
  async download(text: string, times: number, sink: Writable): Promise<void> {
    const id = broker.nextId();
    const read = async (): Promise<void> => {
      await pipeline(toDuplex(await broker.accept(id)).end(), sink);
    };
    await Promise.all([service.Download({ Text: text, Times: times, Stream: id }), read()]);
  },
}));

/** What the host can dispense. */
export const plugins = { workshop };
