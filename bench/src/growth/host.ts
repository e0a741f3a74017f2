// node --expose-gc host.js calls|broker COUNT: works on a plugin of its own and writes by how much host and plugin
// have grown, as a line of JSON.
import { fileURLToPath } from "node:url";
import { PluginClient } from "drawbar";
import { type Memory, settledMemory } from "./settled-memory.ts";
import { handshake, plugins, type Subject } from "./shared.ts";

const plugin = fileURLToPath(new URL("./plugin.js", import.meta.url));
const [kind = "", count = ""] = process.argv.slice(2);

// The state that the growth is measured from: everything compiled, every pool and table as large as it gets.
const warmUpShare = 0.1;
const inFlight = 64;

async function calls(subject: Subject, count: number): Promise<void> {
  let left = count;
  const caller = async (): Promise<void> => {
    while (left-- > 0) await subject.call();
  };
  await Promise.all(Array.from({ length: inFlight }, caller));
}

/** Half in each direction. */
async function connections(subject: Subject, count: number): Promise<void> {
  for (let done = 0; done < count; done += 2) {
    await subject.callBack();
    await subject.callOffer();
  }
}

function grown(before: Memory, after: Memory): Memory {
  return { used: after.used - before.used, resident: after.resident - before.resident };
}

await using client = await PluginClient.launch({
  handshake,
  plugins,
  cmd: [process.execPath, "--expose-gc", plugin],
});
const subject = await client.dispense("subject");
const work = kind === "calls" ? calls : connections;
await work(subject, Number(count) * warmUpShare);
const before = { host: await settledMemory(), plugin: await subject.memory() };
await work(subject, Number(count));
const after = { host: await settledMemory(), plugin: await subject.memory() };
const growth = { host: grown(before.host, after.host), plugin: grown(before.plugin, after.plugin) };
process.stdout.write(`${JSON.stringify(growth)}\n`);
