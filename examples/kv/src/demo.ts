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

async function storeAndReadBack(protocol: Protocol): Promise<void> {
  await using client = await PluginClient.launch({
    handshake,
    plugins,
    cmd: pluginCommand(process.env["KV_PLUGIN"], `plugin-${protocol}`),
    logger,
  });
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

say("Launching the plugin (a program of its own, written in TypeScript) …");
await storeAndReadBack("grpc");
say("\nThe same over net/rpc, go-plugin's first protocol: Go's gob on yamux, by another plugin.");
await storeAndReadBack("netrpc");
await watchACrash();
say("\nDone: all plugins are gone. Try: npm start -- put KEY VALUE, then: npm start -- get KEY");
