#!/usr/bin/env node
import { parseArgs } from "node:util";
import { pluginLogger } from "drawbar";
import { openChosenStore, storeOptions, storeUsage } from "../cli/store-of-options.ts";
import { serveProvider } from "../plugin/serve-provider.ts";
import { BuiltinProvider } from "../providers/builtin/builtin-provider.ts";
import { MemoryStore } from "../store/memory-store.ts";
import { historicProtocolUsage, readHistoricProtocol } from "./historic-protocol.ts";
import { runProgram } from "./run-program.ts";

const name = "connect-ca-provider-builtin";
const usage = `usage: ${name} [OPTION…]

The built-in CA provider as a plugin: a host such as connect-ca or Consul 1.6 starts it.

${storeUsage}${historicProtocolUsage}`;

await runProgram(name, usage, async () => {
  const options = { ...storeOptions, "historic-protocol": { type: "string" } } as const;
  const { values } = parseArgs({ options });
  const historicProtocol = readHistoricProtocol(values["historic-protocol"]);
  const store = await openChosenStore(values, process.env);
  const log = pluginLogger({ name: "builtin" });
  if (store instanceof MemoryStore)
    log.warn("no state folder: keys and serial numbers end with this process");
  await serveProvider(new BuiltinProvider({ store, log }), { historicProtocol });
});
