import { isStatusError } from "@drawbar/grpc";
import { PluginClient, type Protocol } from "drawbar";
import { dispenseStore } from "./dispense-store.ts";
import { handshake } from "./handshake.ts";
import { pluginCommand } from "./plugin-command.ts";
import { plugins } from "./shared.ts";

// The same command line as go-plugin's examples/grpc: `put KEY VALUE`, `get KEY`; and `hold`, which keeps
// its plugin until it is ended. KV_PLUGIN is the command to run as the plugin, KV_PROTO its protocol.
async function run(protocol: Protocol, args: readonly string[]): Promise<void> {
  await using client = await PluginClient.launch({
    handshake,
    plugins,
    cmd: pluginCommand(process.env["KV_PLUGIN"], `plugin-${protocol}`),
  });
  const store = await dispenseStore(client, protocol);
  const [command = "", key = "", value = ""] = args;
  switch (command) {
    case "get":
      process.stdout.write(`${Buffer.from(await store.get(key)).toString()}\n`);
      return;
    case "put":
      await store.put(key, Buffer.from(value));
      return;
    case "hold":
      process.stdout.write(`holding plugin ${client.pid}\n`);
      await client.exited;
      return;
    default:
      throw new Error(`please only use 'get' or 'put', given: ${JSON.stringify(command)}`);
  }
}

/** An error as Go's host prints it. */
function describe(error: unknown): string {
  if (!isStatusError(error)) return error instanceof Error ? error.message : String(error);
  const name = error.statusName
    .toLowerCase()
    .replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return `rpc error: code = ${name} desc = ${error.statusMessage}`;
}

const protocol = process.env["KV_PROTO"] ?? "grpc";
if (protocol !== "grpc" && protocol !== "netrpc") {
  process.stdout.write("must set KV_PROTO to netrpc or grpc\n");
  process.exitCode = 1;
} else {
  await run(protocol, process.argv.slice(2)).catch((error: unknown) => {
    process.stdout.write(`error: ${describe(error)}\n`);
    process.exitCode = 1;
  });
}
