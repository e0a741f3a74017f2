import { grpcPlugin } from "drawbar";
import { KV } from "../gen/kv_pb.ts";
import type { Memory } from "./settled-memory.ts";

export { handshake } from "../contenders/handshake.ts";

/** What the measured host asks of its plugin. */
export interface Subject {
  /** A unary call. */
  call(): Promise<unknown>;
  /** Serves a brokered connection, which the plugin dials, calls on and closes. */
  callBack(): Promise<unknown>;
  /** Dials what the plugin serves on a brokered connection, calls on it and closes it. */
  callOffer(): Promise<unknown>;
  /** The plugin's memory. */
  memory(): Promise<Memory>;
}

/** What `get` is asked for; another key is a number, of the brokered connection on which the host serves. */
export const asked = { value: "value", offer: "offer", memory: "memory" } as const;

/** One service for all: a key says what `get` does, and `put` ends the serving on the number in its key. */
export const plugins = {
  subject: grpcPlugin(KV, (kv, broker): Subject => {
    const get = async (key: string): Promise<string> => Buffer.from((await kv.get({ key })).value).toString();
    return {
      call: () => kv.get({ key: asked.value }),
      async callBack() {
        const id = broker.nextId();
        await using _served = await broker.acceptAndServe(id, KV, { get: () => ({ value }) });
        await get(String(id));
      },
      async callOffer() {
        const id = await get(asked.offer);
        {
          await using offered = await broker.dialService(Number(id), KV);
          await offered.service.get({ key: asked.value });
        }
        await kv.put({ key: id });
      },
      memory: async () => JSON.parse(await get(asked.memory)) as Memory,
    };
  }),
};

/** What every call is answered with. */
export const value: Uint8Array<ArrayBuffer> = new TextEncoder().encode("world");
