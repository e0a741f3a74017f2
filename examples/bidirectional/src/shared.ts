import { grpcPlugin } from "drawbar";
import { AddHelper, Counter } from "./gen/kv_pb.ts";

export const handshake = { protocolVersion: 1, magicCookieKey: "BASIC_PLUGIN", magicCookieValue: "hello" };

/** What the host does for the plugin: it is trusted with adding, the plugin is not. */
export interface Adder {
  sum(a: bigint, b: bigint): bigint;
}

/** The counter as its host uses it: `put` takes an interface as an argument. */
export interface CounterStore {
  get(key: string): Promise<bigint>;
  put(key: string, value: bigint, adder: Adder): Promise<void>;
}

export const counter = grpcPlugin(Counter, (client, broker): CounterStore => {
  return {
    async get(key) {
      return (await client.get({ key })).value;
    },

    // The adder is served on a brokered connection as long as the call takes, and its number goes along.
    async put(key, value, adder) {
      const addServer = broker.nextId();
      await using _helper = await broker.acceptAndServe(addServer, AddHelper, {
        sum: ({ a, b }) => ({ r: adder.sum(a, b) }),
      });
      await client.put({ addServer, key, value });
    },
  };
});

export const plugins = { counter };
