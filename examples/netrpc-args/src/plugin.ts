import { serve, toDuplex, toWebStreams } from "drawbar";
import { Adder, Counter } from "./contracts.ts";
import { handshake, plugins } from "./shared.ts";

await serve({
  handshake,
  plugins: {
    workshop: plugins.workshop.implement((broker) => ({
      async Sum({ Numbers, Adder: id }) {
        await using adder = await broker.dialService(id, Adder);
        let sum = 0;
        for (const number of Numbers) sum = await adder.service.Add({ A: sum, B: number });
        return sum;
      },

      NewCounter(start) {
        const id = broker.nextId();
        let value = start;
        broker.acceptAndServe(id, Counter, {
          Add: (step) => {
            value += step;
            return value;
          },
        });
        return id;
      },

      // As a node stream.
      async Upload(id) {
        let count = 0;
        const stream = toDuplex(await broker.dial(id)).end();
        for await (const chunk of stream) count += (chunk as Uint8Array).length;
        return count;
      },

      // As a web stream.
      async Download({ Text, Times, Stream: id }) {
        const { writable } = toWebStreams(await broker.dial(id));
        const writer = writable.getWriter();
        const bytes = new TextEncoder().encode(Text);
        for (let time = 0; time < Times; time++) {
          await writer.ready;
          void writer.write(bytes.slice()).catch(() => {});
        }
        await writer.close();
        return {};
      },
    })),
  },
});
