import * as gob from "@drawbar/gob";
import { memoryPair } from "@drawbar/io";
import { ManualClock } from "@drawbar/io/testing";
import {
  Client,
  type ClientOptions,
  type Implementation,
  method,
  type ServedConnection,
  Server,
  type ServerOptions,
  type ServiceClient,
  service,
} from "@drawbar/netrpc";

export const Args = gob.struct("Args", { A: gob.int, B: gob.int });
export const Quotient = gob.struct("Quotient", { Quo: gob.int, Rem: gob.int });

export const arith = service("Arith", {
  Multiply: method(Args, gob.int),
  Divide: method(Args, Quotient),
  Wait: method(gob.string, gob.string),
});

export type Arith = typeof arith.methods;

/** Client and server of `arith` on a pair in memory. */
export interface Pair {
  readonly client: Client;
  readonly server: Server;
  readonly connection: ServedConnection;
  readonly arith: ServiceClient<Arith>;
  readonly clock: ManualClock;
}

export function pair(
  implementation: Partial<Implementation<Arith>> = {},
  clientOptions: ClientOptions = {},
  serverOptions: ServerOptions = {},
): Pair {
  const clock = new ManualClock();
  const [a, b] = memoryPair();
  const server = new Server({ clock, ...serverOptions }).register(arith, {
    ...arithmetic,
    ...implementation,
  });
  const connection = server.serve(b);
  const client = new Client(a, { clock, ...clientOptions });
  return { client, server, connection, arith: client.service(arith), clock };
}

export const arithmetic: Implementation<Arith> = {
  Multiply: ({ A, B }) => A * B,
  Divide({ A, B }) {
    if (B === 0) throw new Error("divide by zero");
    return { Quo: Math.trunc(A / B), Rem: A % B };
  },
  Wait: async (text) => text,
};

/** Several turns of the event loop: everything that needs no timer has happened after it. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await new Promise(setImmediate);
}
