import { parseArgs } from "node:util";
import { providerOptions, providerUsage } from "./open-provider.ts";
import { inspect, makeCsr, printRoot, runProvider, signCsr } from "./provider-commands.ts";
import { storeOptions, storeUsage } from "./store-of-options.ts";
import { UsageError } from "./usage-error.ts";

export const connectCaUsage: string = `usage: connect-ca provider COMMAND [OPTION…] [-- PLUGIN [ARG…]]

  root                      print the CA's chain; made if there is none
  csr SERVICE --key FILE    make a key, and print a request for the service's certificate
  sign [FILE]               print the certificate for a request (of stdin), with its chain
  inspect [FILE]            print certificates (of stdin) as a tree, with their validity
  run                       start a plugin and keep it until Ctrl-C

  --uri URI                 for csr: this identity instead of a service's
  --dns NAME, --ip ADDRESS  for csr: more names; may be repeated
${providerUsage}${storeUsage}`;

/** What a command line is carried out with. */
export interface CommandLine {
  /** Without the program's name. */
  readonly argv: readonly string[];
  /** To stdout. */
  readonly write: (text: string) => void;
  /** To stderr, as a warning. */
  readonly warn: (text: string) => void;
  /** Aborts when the program is to end; called by commands that wait for that alone. */
  readonly untilInterrupted: () => AbortSignal;
}

/** Carries out a command line of `connect-ca`. Rejects with UsageError if it is not understood. */
export async function connectCa({ argv, write, warn, untilInterrupted }: CommandLine): Promise<void> {
  const at = argv.indexOf("--");
  const plugin = at < 0 ? [] : argv.slice(at + 1);
  const options = {
    ...storeOptions,
    ...providerOptions,
    uri: { type: "string" },
    dns: { type: "string", multiple: true },
    ip: { type: "string", multiple: true },
    key: { type: "string" },
    help: { type: "boolean", short: "h", default: false },
  } as const;
  const args = at < 0 ? argv : argv.slice(0, at);
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  const [area, command, ...operands] = positionals;
  if (values.help) return write(connectCaUsage);
  if (area !== "provider") throw new UsageError("expected: connect-ca provider COMMAND");
  checkArguments(command, operands, plugin, Object.keys(values));
  const input = { choice: values, plugin, warn, operands, write };
  switch (command) {
    case "root":
      return await printRoot(input);
    case "csr":
      return await makeCsr({
        ...input,
        uri: values.uri,
        dnsNames: values.dns ?? [],
        ipAddresses: values.ip ?? [],
        keyFile: values.key,
      });
    case "sign":
      return await signCsr(input);
    case "inspect":
      return await inspect(input);
    case "run":
      return await runProvider(input, untilInterrupted());
    default:
      throw new UsageError(`unknown command ${command ?? "(none)"}`);
  }
}

/** Refuses what a command would pass over in silence. Options with a default cannot be told from others. */
function checkArguments(
  command: string | undefined,
  operands: readonly string[],
  plugin: readonly string[],
  given: readonly string[],
): void {
  const most = command === "root" || command === "run" ? 0 : 1;
  const [extra] = operands.slice(most);
  if (extra !== undefined) throw new UsageError(`${command} has no use for ${extra}`);
  const hasNoProvider = command === "csr" || command === "inspect";
  if (hasNoProvider && plugin.length > 0) throw new UsageError(`${command} has no use for a plugin`);
  const useless = [
    ...(command === "csr" ? [] : ["uri", "dns", "ip", "key"]),
    ...(hasNoProvider ? ["config", ...Object.keys(storeOptions)] : []),
  ];
  const passedOver = given.find((option) => useless.includes(option));
  if (passedOver !== undefined) throw new UsageError(`${command} has no use for --${passedOver}`);
}
