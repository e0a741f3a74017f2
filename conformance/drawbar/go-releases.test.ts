import { after, describe, it } from "node:test";
import { type Capability, type Cases, capabilities } from "./matrix/capabilities.ts";
import { goHostGrpcCases } from "./matrix/go-host-grpc-cases.ts";
import { GoHostLab } from "./matrix/go-host-lab.ts";
import { ourHostGrpcCases } from "./matrix/our-host-grpc-cases.ts";
import { OurHostLab, overGrpc } from "./matrix/our-host-lab.ts";

// Releases between those of docs/conformance.md's tables: the last without, and the first with multiplexing.
const releases: Readonly<Record<string, readonly Capability[]>> = {
  "1.4.3": ["start", "kinds", "stdio", "service-argument", "auto-mtls", "kill"],
  "1.6.0": ["start", "kinds", "stdio", "service-argument", "auto-mtls-mux", "kill"],
};

for (const [release, chosen] of Object.entries(releases)) {
  tryAll(`our host with a plugin on go-plugin ${release}`, chosen, ourHostGrpcCases, () => {
    return new OurHostLab(release, overGrpc);
  });
  tryAll(`a host on go-plugin ${release} with our plugin`, chosen, goHostGrpcCases, () => {
    return new GoHostLab(release, "grpc");
  });
}

function tryAll<Lab extends { close(): Promise<void> }>(
  title: string,
  chosen: readonly Capability[],
  cases: Cases<Lab>,
  makeLab: () => Lab,
): void {
  describe(title, () => {
    const lab = makeLab();
    after(() => lab.close());
    for (const capability of chosen) {
      it(capabilities[capability], { timeout: 120_000 }, async () => {
        const attempt = cases[capability];
        if (attempt === undefined) throw new Error(`there is no case for "${capability}"`);
        await attempt(lab);
      });
    }
  });
}
