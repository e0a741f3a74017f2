import { serve } from "drawbar";
import { handshake } from "./contract.ts";
import { greeter } from "./greeter.ts";

await serve({ handshake, plugins: { greeter } });
