import { parseCertificate, parseCertificateRequest } from "@drawbar/x509";
import { launchProvider } from "connect-ca";
import type { Protocol } from "drawbar";
import { type ConsulCall, ConsulHost } from "./consul-host.ts";

/** A host of version 1, of either make: what it is told to call and what comes of it are the same. */
export interface HistoricHost extends AsyncDisposable {
  call(call: ConsulCall): Promise<string>;
}

/** How a host of each make starts a plugin. */
export const historicHosts: Readonly<
  Record<
    "Consul's" | "our",
    (protocol: Protocol, cmd: readonly [string, ...string[]]) => Promise<HistoricHost>
  >
> = {
  "Consul's": (protocol, cmd) => ConsulHost.launch(protocol, cmd),
  our: (protocol, cmd) => ourHost(protocol, cmd),
};

async function ourHost(protocol: Protocol, cmd: readonly [string, ...string[]]): Promise<HistoricHost> {
  const launched = await launchProvider({ cmd, versions: [1], allowedProtocols: [protocol] });
  const { provider } = launched;
  const calls: Readonly<Record<string, (call: ConsulCall) => Promise<string | undefined>>> = {
    async Configure({ cluster_id: clusterId = "", is_root: isPrimary = false, config = {} }) {
      await provider.configure({ clusterId, datacenter: "dc1", isPrimary, config, state: {} });
      return undefined;
    },
    GenerateRoot: async () => void (await provider.generateCaChain()),
    ActiveRoot: () => provider.generateCaChain(),
    GenerateIntermediateCSR: async () => (await provider.generateIntermediateCsr()).csrPem,
    async SetIntermediate({ intermediate_pem: intermediate = "", root_pem: root = "" }) {
      await provider.setIntermediate(intermediate, root, "");
      return undefined;
    },
    ActiveIntermediate: () => provider.activeLeafSigningCert(),
    GenerateIntermediate: () => provider.generateLeafSigningCert(),
    Sign: ({ pem = "" }) => provider.sign(parseCertificateRequest(pem)),
    SignIntermediate: ({ pem = "" }) => provider.signIntermediate(parseCertificateRequest(pem)),
    CrossSignCA: ({ pem = "" }) => provider.crossSignCa(parseCertificate(pem)),
    Cleanup: async () => void (await provider.cleanup(true, {})),
  };
  return {
    async call(call) {
      const method = calls[call.method];
      if (method === undefined) throw new Error(`no method ${call.method}`);
      return (await method(call)) ?? "";
    },
    [Symbol.asyncDispose]: () => launched[Symbol.asyncDispose](),
  };
}
