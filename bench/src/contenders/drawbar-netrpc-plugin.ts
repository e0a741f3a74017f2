import { serve } from "drawbar";
import { handshake } from "./handshake.ts";
import { store } from "./netrpc-shared.ts";

const values = new Map([["hello", new TextEncoder().encode("world")]]);

await serve({
  handshake,
  plugins: { kv: store.implement({ Get: (key) => values.get(key) ?? new Uint8Array(0) }) },
});
