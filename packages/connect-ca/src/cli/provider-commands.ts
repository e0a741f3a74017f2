import { readFile, writeFile } from "node:fs/promises";
import { generateKey, parseCertificateRequest, parseCertificates, privateKeyToPem } from "@drawbar/x509";
import { createCsr } from "../requests/create-csr.ts";
import { formatSpiffeId, signingIdOf, trustDomainOf } from "../spiffe/spiffe-id.ts";
import { chainTree } from "./chain-tree.ts";
import { describeChains } from "./describe-chain.ts";
import { type OpenProvider, openProvider, type ProviderChoice } from "./open-provider.ts";

/** What a command needs besides its operands. */
export interface CommandInput {
  readonly choice: ProviderChoice;
  /** What stands behind `--`: a plugin. */
  readonly plugin: readonly string[];
  readonly operands: readonly string[];
  readonly write: (text: string) => void;
}

/** Whom `csr` is for, beside its operands. */
export interface CsrInput extends Omit<CommandInput, "plugin"> {
  readonly uri: string | undefined;
  readonly dnsNames: readonly string[];
  readonly ipAddresses: readonly string[];
  readonly keyFile: string | undefined;
}

/** `run`: starts the plugin, says what it is, and keeps it until it ends or the signal says so. */
export async function runProvider(input: CommandInput, signal: AbortSignal): Promise<void> {
  if (input.plugin.length === 0) throw new Error("run needs a plugin: connect-ca provider run -- COMMAND");
  await using opened = await openProvider(input.choice, input.plugin);
  const { process } = opened;
  if (process === undefined) return;
  input.write(
    `process ${process.pid}, version ${process.version} over ${process.protocol}; end it with Ctrl-C\n`,
  );
  const aborted = new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
  await Promise.race([process.exited, aborted]);
}

/** `root`: prints the chain, from the CA that signs to the one that is trusted. Makes it if there is none. */
export async function printRoot(input: CommandInput): Promise<void> {
  await using opened = await openProvider(input.choice, input.plugin);
  input.write(await chainOf(opened, input.choice));
}

/** `csr`: makes a key and a request for a service; the request is printed. */
export async function makeCsr(input: CsrInput): Promise<void> {
  const { choice, dnsNames, ipAddresses, keyFile, write } = input;
  const [service] = input.operands;
  if (keyFile === undefined) throw new Error("csr needs --key FILE: where the new private key goes");
  const uri = input.uri ?? serviceUri(service, choice);
  const { privateKey } = await generateKey({ type: "ec", curve: "P-256" });
  // Never over a key that is there.
  await writeFile(keyFile, privateKeyToPem(privateKey), { mode: 0o600, flag: "wx" });
  write((await createCsr(privateKey, { uri, dnsNames, ipAddresses })).toPem());
}

/** `sign`: prints the leaf for a request, and with it what it is verified with. */
export async function signCsr(input: CommandInput): Promise<void> {
  const csr = parseCertificateRequest(await readInput(input.operands));
  csr.checkSignature();
  await using opened = await openProvider(input.choice, input.plugin);
  const chain = await chainOf(opened, input.choice);
  const leaf = await opened.provider.sign(csr);
  const signer = await opened.provider.activeLeafSigningCert();
  input.write(leaf + (signer === chain ? "" : signer) + chain);
}

/** `inspect`: prints certificates as a tree. */
export async function inspect(input: Pick<CommandInput, "operands" | "write">): Promise<void> {
  const certificates = parseCertificates(await readInput(input.operands));
  input.write(describeChains(chainTree(certificates), new Date()));
}

async function chainOf({ provider }: OpenProvider, { secondary }: ProviderChoice): Promise<string> {
  if (secondary) return await provider.activeLeafSigningCert();
  const chain = await provider.generateCaChain();
  const usesIntermediate = await provider.primaryUsesIntermediate();
  if (usesIntermediate && (await provider.activeLeafSigningCert()) === "")
    await provider.generateLeafSigningCert();
  return chain;
}

function serviceUri(service: string | undefined, choice: ProviderChoice): string {
  if (service === undefined) throw new Error("csr needs the name of a service, or --uri");
  const host = trustDomainOf(signingIdOf(choice["cluster-id"]));
  const names = { partition: "default", namespace: "default", datacenter: choice.datacenter, service };
  return formatSpiffeId({ kind: "service", host, ...names });
}

async function readInput([file]: readonly string[]): Promise<string> {
  if (file !== undefined && file !== "-") return await readFile(file, "utf8");
  let text = "";
  for await (const chunk of process.stdin.setEncoding("utf8")) text += String(chunk);
  return text;
}
