import { type CaProvider, serveProvider } from "connect-ca";

// The counterpart of canned.go, the same answers to the same questions: as a plugin of ours.

let fails = false;
let configured = "";

async function answer(text = ""): Promise<string> {
  if (fails) throw new Error("hello world");
  return text;
}

const provider: CaProvider & { activeRoot(): Promise<string> } = {
  async configure({ clusterId, isPrimary, config }) {
    fails = config["fail"] === true;
    await answer();
    configured = JSON.stringify({ cluster_id: clusterId, config, is_root: isPrimary });
  },
  generateCaChain: () => answer(configured),
  activeRoot: () => answer(configured),
  generateIntermediateCsr: async () => ({ csrPem: await answer("csr"), opaque: "" }),
  async setIntermediate(intermediatePem, rootPem) {
    configured = `${intermediatePem}|${rootPem}`;
    await answer();
  },
  activeLeafSigningCert: () => answer("intermediate"),
  primaryUsesIntermediate: async () => true,
  generateLeafSigningCert: () => answer("new intermediate"),
  async sign(csr) {
    csr.checkSignature();
    return await answer(Buffer.from(csr.raw).toString("base64"));
  },
  signIntermediate: (csr) => provider.sign(csr),
  crossSignCa: (certificate) => answer(Buffer.from(certificate.raw).toString("base64")),
  async cleanup() {
    await answer();
  },
  state: async () => null,
  supportsCrossSigning: async () => true,
  async validateConfigUpdate() {},
  async stop() {},
};

await serveProvider(provider, { historicProtocol: process.argv[2] === "grpc" ? "grpc" : "netrpc" });
