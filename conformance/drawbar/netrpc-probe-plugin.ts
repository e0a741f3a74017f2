import { setTimeout } from "node:timers/promises";
import { pluginLogger, serve } from "drawbar";
import { toBasicError } from "drawbar/netrpc";
import { handshake, plugins, registry } from "./netrpc-probe.ts";
import { servedAsTold } from "./plugin-arguments.ts";

// The counterpart in TypeScript of `goplugin plugin` over net/rpc; its arguments are those of `servedAsTold`.
const logger = pluginLogger({ name: "probe" });

async function act(line: string): Promise<string> {
  const [word = "", rest = ""] = line.split(/ (.*)/s);
  switch (word) {
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
      console.log(rest);
      return "done";
    case "stderr":
      console.error(rest);
      return "done";
    case "stdout-bytes":
      process.stdout.write("x".repeat(Number(rest)));
      return "done";
    case "warn":
      logger.warn(rest, { from: "probe", number: 7 });
      return "done";
    case "env":
      return process.env[rest] ?? "";
    case "sleep":
      await setTimeout(Number(rest));
      return "done";
    case "hang":
      return new Promise(() => {});
    default:
      throw new Error(`cannot do ${JSON.stringify(word)}`);
  }
}

await serve({
  handshake,
  netrpc: { registry },
  logger,
  ...servedAsTold({
    probe: plugins.probe.implement({
      Echo: (value) => value,
      Any: (value) => value,
      Redraw: ({ Title, Shapes }) => ({ Title: `${Title}!`, Shapes: Shapes.toReversed() }),
      Fail: (text) => ({
        Failure: { type: "*main.CodeError", value: { Code: 7, Text: text } },
        Basic: toBasicError(new Error(text)),
      }),
      Do: act,
    }),
  }),
});
