import { readFile, writeFile } from "node:fs/promises";
import { StatusError, statusName } from "@drawbar/grpc";
import { type GrpcBroker, pluginLogger, serve } from "drawbar";
import { actBrokered, brokeredWords } from "./brokered-words.ts";
import { servedAsTold } from "./plugin-arguments.ts";
import { handshake, plugins } from "./probe.ts";

// The counterpart in TypeScript of `goplugin plugin` over gRPC; its arguments are those of `servedAsTold`.
const logger = pluginLogger({ name: "probe" });

const store = plugins.kv_grpc.implement({
  async put({ key, value }) {
    await writeFile(`kv_${key}`, Buffer.concat([value, Buffer.from("\n\nWritten from drawbar")]));
    return {};
  },
  get: async ({ key }) => ({ value: await readFile(`kv_${key}`) }),
});

const probe = plugins.probe.implement((broker) => ({
  echo(request, { metadata, responseHeaders, responseTrailers }) {
    for (const [key, value] of metadata) {
      if (!key.startsWith("echo-")) continue;
      responseHeaders.append(key, value);
      responseTrailers.append(key, value);
    }
    return request;
  },

  do: async ({ value }, { signal }) => ({ value: await act(value, signal, broker) }),

  async *count({ value }) {
    for (let n = 1; n <= value; n++) yield { value: n };
  },

  async sum(numbers) {
    let sum = 0n;
    for await (const { value } of numbers) sum += BigInt(value);
    return { value: sum };
  },

  async *chat(lines) {
    for await (const { value } of lines) yield { value: value.toUpperCase() };
  },
}));

async function act(line: string, signal: AbortSignal, broker: GrpcBroker): Promise<string> {
  const [word = "", ...words] = line.split(" ");
  const rest = words.join(" ");
  switch (word) {
    case "fail":
      throw new StatusError(statusName(Number(words[0])) ?? "UNKNOWN", words.slice(1).join(" "));
    case "error":
      throw new Error(rest);
    case "panic":
      setImmediate(() => {
        throw new Error(rest);
      });
      return new Promise(() => {});
    case "exit":
      process.exit(Number(rest));
      break;
    case "stdout":
      process.stdout.write(`${rest}\n`);
      break;
    case "stderr":
      process.stderr.write(`${rest}\n`);
      break;
    case "warn":
      logger.warn(rest, { from: "probe", number: 7 });
      break;
    case "env":
      return process.env[rest] ?? "";
    case "sleep":
      await sleep(Number(rest), signal);
      break;
    default:
      if (brokeredWords.includes(word)) return actBrokered(broker, word, rest);
      throw new StatusError("INVALID_ARGUMENT", `cannot do "${word}"`);
  }
  return "done";
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      logger.info("cancelled", { error: String(signal.reason) });
      reject(signal.reason);
    });
  });
}

await serve({ handshake, ...servedAsTold({ kv_grpc: store, probe }) });
