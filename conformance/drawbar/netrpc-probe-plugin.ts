import { pluginLogger, serve } from "drawbar";
import { toBasicError } from "drawbar/netrpc";
import { handshake, plugins, registry } from "./netrpc-probe.ts";

// The counterpart in TypeScript of `goplugin plugin` over net/rpc.
async function act(line: string): Promise<string> {
  const [word = "", rest = ""] = line.split(/ (.*)/s);
  switch (word) {
    case "error":
      throw new Error(rest);
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
    case "hang":
      return new Promise(() => {});
    default:
      throw new Error(`cannot do ${JSON.stringify(word)}`);
  }
}

await serve({
  handshake,
  netrpc: { registry },
  logger: pluginLogger(),
  plugins: {
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
  },
});
