#!/usr/bin/env node
import { parseArgs } from "node:util";
import { pluginLogger } from "drawbar";
import { serveProvider } from "../plugin/serve-provider.ts";
import { VaultProvider } from "../providers/vault/vault-provider.ts";
import { historicProtocolUsage, readHistoricProtocol } from "./historic-protocol.ts";
import { runProgram } from "./run-program.ts";

const name = "connect-ca-provider-vault";
const usage = `usage: ${name} [OPTION…]

The Vault CA provider as a plugin: a host such as connect-ca or Consul 1.6 starts it and configures it.

${historicProtocolUsage}`;

await runProgram(name, usage, async () => {
  const { values } = parseArgs({ options: { "historic-protocol": { type: "string" } } });
  const historicProtocol = readHistoricProtocol(values["historic-protocol"]);
  const provider = new VaultProvider({ log: pluginLogger({ name: "vault" }) });
  await serveProvider(provider, { historicProtocol });
});
