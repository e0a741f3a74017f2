import { type CaProvider, ProviderError, type ProviderErrorCode, serveProvider } from "connect-ca";

// A plugin that does in `sign` what its configuration says: fails with a code, waits for ever, or ends. What
// it was configured with is its state.

let staged: Readonly<Record<string, unknown>> = {};
let told: Readonly<Record<string, string>> = {};

async function unused(): Promise<never> {
  throw new TypeError("not on this stage");
}

const provider: CaProvider = {
  async configure({ clusterId, datacenter, isPrimary, config, state }) {
    staged = config;
    told = { ...state, clusterId, datacenter, isPrimary: String(isPrimary), config: JSON.stringify(config) };
  },
  state: async () => (staged["stateless"] === true ? null : told),
  async sign(_csr, { signal } = {}) {
    const { fail, message } = staged;
    if (typeof fail === "string") throw new ProviderError(fail as ProviderErrorCode, String(message));
    if (staged["exit"] === true) process.exit(7);
    await new Promise((resolve) => signal?.addEventListener("abort", resolve));
    told = { aborted: "yes" };
    return "";
  },
  generateCaChain: unused,
  activeLeafSigningCert: async () => "",
  primaryUsesIntermediate: async () => true,
  generateLeafSigningCert: unused,
  generateIntermediateCsr: async () => ({ csrPem: "csr\n", opaque: "the id" }),
  async setIntermediate(intermediatePem, rootPem, opaque) {
    told = { intermediatePem, rootPem, opaque };
  },
  signIntermediate: unused,
  crossSignCa: unused,
  supportsCrossSigning: async () => false,
  async validateConfigUpdate(previous, next) {
    told = { previous: JSON.stringify(previous), next: JSON.stringify(next) };
  },
  async cleanup(typeChanged, otherConfig) {
    told = { typeChanged: String(typeChanged), otherConfig: JSON.stringify(otherConfig) };
  },
  async stop() {
    told = { stopped: "yes" };
  },
};

await serveProvider(provider, { historicProtocol: process.env["STAGE"] === "grpc" ? "grpc" : "netrpc" });
