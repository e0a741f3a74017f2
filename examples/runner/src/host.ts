import { fileURLToPath } from "node:url";
import { PluginClient } from "drawbar";
import { ConfinedRunner } from "./confined-runner.ts";
import { describeConfinement, findConfinement } from "./confinement.ts";
import { handshake, plugins } from "./shared.ts";

const confinement = findConfinement();
const program = fileURLToPath(new URL("./plugin.js", import.meta.url));

await using client = await PluginClient.launch({
  handshake,
  plugins,
  runner: (spec) => new ConfinedRunner(confinement, process.execPath, [program], spec),
  // The plugin's user may make its sockets there, and the host may use them.
  unixSocket: confinement.kind === "user" ? { group: confinement.id } : {},
});
const who = await client.dispense("who");
process.stdout.write(`${describeConfinement(confinement)}: ${await who.ami("")}\n`);
