import { consoleLogger, type Logger, PluginClient } from "drawbar";
import { pluginCommand } from "./plugin-command.ts";
import { handshake, plugins } from "./shared.ts";

// What `npm start` shows: a plugin at work, its log lines, and what its host sees when one crashes.
const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};
const logger: Logger = consoleLogger({
  name: "host",
  level: "info",
  console: { error: (line) => say(`    ${line}`) },
});

async function storeAndReadBack(): Promise<void> {
  say("Launching the plugin (a program of its own, written in TypeScript) …");
  await using client = await PluginClient.launch({
    handshake,
    plugins,
    cmd: pluginCommand(process.env["KV_PLUGIN"]),
    logger,
  });
  say(
    `It runs as process ${client.pid} and speaks ${client.protocol}, version ${client.version}. Its log lines are indented.`,
  );
  const kv = await client.dispense("kv_grpc");
  say("put hello world");
  await kv.put({ key: "hello", value: Buffer.from("world") });
  say("get hello");
  const { value } = await kv.get({ key: "hello" });
  say(`  ${JSON.stringify(Buffer.from(value).toString())}`);
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

await storeAndReadBack();
await watchACrash();
say("\nDone: both plugins are gone. Try: npm start -- put KEY VALUE, then: npm start -- get KEY");
