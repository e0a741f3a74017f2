import { fileURLToPath } from "node:url";
import { isStatusError } from "@drawbar/grpc";
import { PluginClient } from "drawbar";
import { handshake, plugins } from "./shared.ts";

// What the plugin asks is shown here, and the terminal's keys are the plugin's: this program reads no stdin.
await using client = await PluginClient.launch({
  handshake,
  plugins,
  cmd: [process.execPath, fileURLToPath(new URL("./plugin.js", import.meta.url))],
  syncStdout: process.stdout,
});
const vault = await client.dispense("vault");
try {
  process.stdout.write(`${await vault.unlock("ada")}\n`);
} catch (error) {
  if (!isStatusError(error)) throw error;
  process.stderr.write(`${error.statusMessage}\n`);
  process.exitCode = 1;
}
