import type { Implementation } from "@drawbar/grpc";
import { parseCertificate } from "@drawbar/x509";
import type { CaProvider } from "../../provider/ca-provider.ts";
import { decodeConfig } from "../config-json.ts";
import { answered } from "../errors/answered.ts";
import { parsedInput, signedRequest } from "../parsed-input.ts";
import type { currentDefinition } from "./current-definition.ts";

/** A provider as the service of version 2. */
export function currentService(provider: CaProvider): Implementation<typeof currentDefinition> {
  const pemOf = async (pem: Promise<string>): Promise<{ pem: string }> => ({ pem: await pem });
  return {
    configure: answered(async (request, options) => {
      const { clusterId, datacenter, isPrimary, configJson, state } = request;
      const config = decodeConfig(configJson);
      await provider.configure({ clusterId, datacenter, isPrimary, config, state }, options);
      return {};
    }),
    state: answered(async (_, options) => {
      const state = await provider.state(options);
      return { present: state !== null, state: { ...state } };
    }),
    generateCaChain: answered((_, options) => pemOf(provider.generateCaChain(options))),
    activeLeafSigningCert: answered((_, options) => pemOf(provider.activeLeafSigningCert(options))),
    primaryUsesIntermediate: answered(async (_, options) => ({
      usesIntermediate: await provider.primaryUsesIntermediate(options),
    })),
    generateLeafSigningCert: answered((_, options) => pemOf(provider.generateLeafSigningCert(options))),
    generateIntermediateCsr: answered(async (_, options) => ({
      ...(await provider.generateIntermediateCsr(options)),
    })),
    setIntermediate: answered(async ({ intermediatePem, rootPem, opaque }, options) => {
      await provider.setIntermediate(intermediatePem, rootPem, opaque, options);
      return {};
    }),
    sign: answered(async ({ csrDer }, options) => pemOf(provider.sign(await signedRequest(csrDer), options))),
    signIntermediate: answered(async ({ csrDer }, options) =>
      pemOf(provider.signIntermediate(await signedRequest(csrDer), options)),
    ),
    crossSignCa: answered(({ certificateDer }, options) =>
      pemOf(provider.crossSignCa(parsedInput(certificateDer, parseCertificate), options)),
    ),
    supportsCrossSigning: answered(async (_, options) => ({
      supported: await provider.supportsCrossSigning(options),
    })),
    validateConfigUpdate: answered(async ({ previousJson, nextJson }, options) => {
      await provider.validateConfigUpdate(decodeConfig(previousJson), decodeConfig(nextJson), options);
      return {};
    }),
    cleanup: answered(async ({ typeChanged, otherConfigJson }, options) => {
      await provider.cleanup(typeChanged, decodeConfig(otherConfigJson), options);
      return {};
    }),
    stop: answered(async () => {
      await provider.stop();
      return {};
    }),
  };
}
