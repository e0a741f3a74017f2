import { parseCertificateRequest } from "@drawbar/x509";
import { BuiltinProvider, type CaProvider, launchProvider, MemoryStore } from "connect-ca";
import { answerRequests } from "./measure.ts";

// Signs one request over and over: with the built-in provider in this process, or across our host by the
// plugin that the arguments name. Keys and serial numbers are in memory, as those of Consul's provider are.
const [transport = "", csrBase64 = "", program = "", ...args] = process.argv.slice(2);

const csr = parseCertificateRequest(Buffer.from(csrBase64, "base64"));
await using opened = await open();
const { provider } = opened;
const clusterId = "11111111-2222-3333-4444-555555555555";
await provider.configure({ clusterId, datacenter: "dc1", isPrimary: true, config: {}, state: {} });
await provider.generateCaChain();
await answerRequests({ call: () => provider.sign(csr) });

async function open(): Promise<{ readonly provider: CaProvider } & AsyncDisposable> {
  if (transport === "inprocess") {
    const store = new MemoryStore();
    return { provider: new BuiltinProvider({ store }), [Symbol.asyncDispose]: async () => {} };
  }
  return await launchProvider({ cmd: [program, ...args], versions: transport === "grpc" ? [2] : [1] });
}
