import { consoleLogger, type Logger, PluginClient, type Protocol } from "drawbar";
import { dispenseStore } from "./dispense-store.ts";
import { handshake } from "./handshake.ts";
import { pluginCommand } from "./plugin-command.ts";
import { plugins } from "./shared.ts";

// What `npm start` shows: a plugin at work, its log lines, and what its host sees when one crashes.
const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};
const logger: Logger = consoleLogger({
  name: "host",
  level: "info",
  console: { error: (line) => say(`    ${line}`) },
});

async function storeAndReadBack(cmd: [string, ...string[]]): Promise<void> {
  await using client = await PluginClient.launch({ handshake, plugins, cmd, logger });
  say(
    `It runs as process ${client.pid} and speaks ${client.protocol}, version ${client.version}. Its log lines are indented.`,
  );
  const store = await dispenseStore(client, client.protocol);
  say("put hello world");
  await store.put("hello", Buffer.from("world"));
  say("get hello");
  say(`  ${JSON.stringify(Buffer.from(await store.get("hello")).toString())}`);
}

async function watchACrash(): Promise<void> {
  say("\nNow a plugin with a defect: reading ends its process in the middle of the call.");
  await using client = await PluginClient.launch({
    handshake,
    plugins,
    cmd: pluginCommand(undefined, "plugin-crashing"),
  });
  const kv = await client.dispense("kv_grpc");
  try {
    await kv.get({ key: "hello" });
  } catch (error) {
    say("The call failed, and the host goes on. It was told:");
    const message = error instanceof Error ? error.message : String(error);
    say(message.replace(/^/gm, "    "));
  }
}

/** The plugin that KV_PLUGIN names, or this example's own: the one of KV_PROTO, or of both protocols. */
async function showPlugins(command: string, only: string): Promise<void> {
  if (command !== "") {
    say(`Launching the plugin of KV_PLUGIN: ${command}`);
    return storeAndReadBack(pluginCommand(command));
  }
  for (const [protocol, introduction] of introductions) {
    if (only !== "" && only !== protocol) continue;
    say(introduction);
    await storeAndReadBack(pluginCommand(undefined, `plugin-${protocol}`));
  }
}

const introductions: readonly (readonly [Protocol, string])[] = [
  ["grpc", "A plugin over gRPC: a program of its own, written in TypeScript."],
  ["netrpc", "\nA plugin over net/rpc, go-plugin's first protocol: Go's gob on yamux."],
];

await showPlugins(process.env["KV_PLUGIN"] ?? "", process.env["KV_PROTO"] ?? "");
await watchACrash();
say("\nDone: all plugins are gone. Try: npm start -- put KEY VALUE, then: npm start -- get KEY");
