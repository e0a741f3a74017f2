import { type BrokeredServer, type GrpcBroker, serve } from "drawbar";
import { KV } from "../gen/kv_pb.ts";
import { settledMemory } from "./settled-memory.ts";
import { asked, handshake, plugins, value } from "./shared.ts";

const offers = new Map<number, BrokeredServer>();

async function answer(broker: GrpcBroker, key: string): Promise<string> {
  if (key === asked.memory) return JSON.stringify(await settledMemory());
  if (key === asked.offer) {
    const id = broker.nextId();
    offers.set(id, await broker.acceptAndServe(id, KV, { get: () => ({ value }) }));
    return String(id);
  }
  await using host = await broker.dialService(Number(key), KV);
  await host.service.get({ key: asked.value });
  return "";
}

await serve({
  handshake,
  plugins: {
    subject: plugins.subject.implement((broker) => ({
      get: ({ key }) =>
        key === asked.value ? { value } : answer(broker, key).then((text) => ({ value: Buffer.from(text) })),
      async put({ key }) {
        const id = Number(key);
        await offers.get(id)?.close();
        offers.delete(id);
        return {};
      },
    })),
  },
});
