import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Command } from "commander";
import { collect } from "../collect.ts";
import type { CommandContext } from "../command-context.ts";
import { addReattachFlag, addTargetFlags, readNumber, type TargetFlags } from "../target/target-flags.ts";
import { UsageError } from "../usage-error.ts";

interface Flags extends TargetFlags {
  readonly data?: readonly string[];
  readonly header?: readonly string[];
  readonly timeout?: number;
  readonly descriptor?: string;
  readonly json?: true;
}

export function addCall(program: Command, context: CommandContext): void {
  const command = program
    .command("call")
    .summary("call a method of a plugin")
    .description(
      "Call a method of a plugin that is started for it, that is installed, or that runs already. Messages are " +
        "protobuf JSON; streams are one JSON value a line, requests on stdin. What methods there are, the plugin tells " +
        "by gRPC reflection.",
    )
    .argument("<method>", "package.Service/Method, or as much of its end as is not ambiguous")
    .argument("[command...]", "the plugin's program and its arguments, or the name of an installed plugin")
    .option(
      "-d, --data <json>",
      "a request; @FILE reads it, @- reads stdin (default: {}, for streams stdin)",
      collect,
    )
    .option("-H, --header <name:value>", "metadata to send; of names in -bin the value is base64", collect)
    .option("-t, --timeout <ms>", "the deadline of the call", readNumber)
    .option("--descriptor <file>", "a FileDescriptorSet to use instead of reflection")
    .option("--json", "print compact JSON, and errors as JSON too");
  addTargetFlags(addReattachFlag(command));
  command
    .addHelpText("after", examples)
    .action(async (method: string, words: readonly string[], flags: Flags) => {
      if (words[0]?.startsWith("-"))
        throw new UsageError(`${words[0]} is no plugin; options go before the method`);
      const [{ callPlugin }, { advised }] = await Promise.all([
        import("../reflect/call-plugin.ts"),
        import("../target/advise.ts"),
      ]);
      const descriptor = flags.descriptor === undefined ? undefined : resolve(context.cwd, flags.descriptor);
      const data = flags.data === undefined ? undefined : await readData(flags.data, context);
      const headers = (flags.header ?? []).map(readHeader);
      await callPlugin(
        { method, command: words, flags, descriptor, data, headers, timeoutMs: flags.timeout },
        context,
      ).catch((error: unknown) => {
        throw advised(error, flags);
      });
    });
}

const examples = `
Examples:
  drawbar call -d '{"key":"hello"}' KV/Get ./kv-plugin
  drawbar call --reattach "$DRAWBAR_REATTACH" KV/Watch | jq .value
  drawbar call --mtls Provider/GetSchema terraform-provider-time
  seq 3 | jq -c '{n: .}' | drawbar call Adder/Sum ./adder

A call that fails ends with 64 plus its gRPC status: 69 for NOT_FOUND, 76 for UNIMPLEMENTED.
`;

async function readData(data: readonly string[], context: CommandContext): Promise<string[]> {
  const read: string[] = [];
  for (const text of data) {
    if (text === "@-") read.push(await readAll(context.stdin));
    else if (text.startsWith("@")) read.push(await readFile(resolve(context.cwd, text.slice(1)), "utf8"));
    else read.push(text);
  }
  return read;
}

async function readAll(stdin: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stdin) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

function readHeader(text: string): readonly [string, string] {
  const [, name, value] = /^([^:\s]+):\s*(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined)
    throw new UsageError(`--header ${JSON.stringify(text)} is no NAME:VALUE`);
  return [name.toLowerCase(), value];
}
