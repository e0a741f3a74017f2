import { type Channel, createClient, type Implementation, isStatusError } from "@drawbar/grpc";
import { fromProtobuf, type ProtobufService } from "@drawbar/grpc/protobuf";
import { CA } from "../../gen/consul_ca_pb.ts";
import { decodeConfig, decodeState, encodeConfig, encodeState } from "../config-json.ts";
import { answered } from "../errors/answered.ts";
import type { HistoricCalls } from "./historic-calls.ts";

/** The service of version 1, as both sides know it. */
export const historicDefinition: ProtobufService<(typeof CA)["method"]> = fromProtobuf(CA);

/** Version 1 on a gRPC channel. */
export function historicCallsOnGrpc(channel: Channel): HistoricCalls {
  const service = createClient(historicDefinition, channel);
  return {
    async configure({ clusterId, isRoot, config, state }, options) {
      const request = { clusterId, isRoot, config: encodeConfig(config), state: encodeState(state) };
      await service.configure(request, options);
    },
    async generateRoot(options) {
      await service.generateRoot({}, options);
    },
    activeRoot: async (options) => (await service.activeRoot({}, options)).crtPem,
    generateIntermediateCsr: async (options) => (await service.generateIntermediateCSR({}, options)).csrPem,
    async setIntermediate(intermediatePem, rootPem, options) {
      await service.setIntermediate({ intermediatePem, rootPem }, options);
    },
    activeIntermediate: async (options) => (await service.activeIntermediate({}, options)).crtPem,
    generateIntermediate: async (options) => (await service.generateIntermediate({}, options)).crtPem,
    sign: async (csr, options) => (await service.sign({ csr }, options)).crtPem,
    signIntermediate: async (csr, options) => (await service.signIntermediate({ csr }, options)).crtPem,
    crossSignCa: async (crt, options) => (await service.crossSignCA({ crt }, options)).crtPem,
    async cleanup(options) {
      await service.cleanup({}, options);
    },
    state: (options) => ifThere(async () => decodeState((await service.state({}, options)).state)),
    supportsCrossSigning: (options) =>
      ifThere(async () => (await service.supportsCrossSigning({}, options)).ok),
  };
}

/** The gRPC service of version 1 that `calls` answer. */
export function historicService(calls: HistoricCalls): Implementation<typeof historicDefinition> {
  return {
    configure: answered(async ({ clusterId, isRoot, config, state }, options) => {
      const request = { clusterId, isRoot, config: decodeConfig(config), state: decodeState(state) ?? {} };
      await calls.configure(request, options);
      return {};
    }),
    state: answered(async (_, options) => ({ state: encodeState((await calls.state(options)) ?? null) })),
    generateRoot: answered(async (_, options) => {
      await calls.generateRoot(options);
      return {};
    }),
    activeRoot: answered(async (_, options) => ({ crtPem: await calls.activeRoot(options) })),
    generateIntermediateCSR: answered(async (_, options) => ({
      csrPem: await calls.generateIntermediateCsr(options),
    })),
    setIntermediate: answered(async ({ intermediatePem, rootPem }, options) => {
      await calls.setIntermediate(intermediatePem, rootPem, options);
      return {};
    }),
    activeIntermediate: answered(async (_, options) => ({ crtPem: await calls.activeIntermediate(options) })),
    generateIntermediate: answered(async (_, options) => ({
      crtPem: await calls.generateIntermediate(options),
    })),
    sign: answered(async ({ csr }, options) => ({ crtPem: await calls.sign(csr, options) })),
    signIntermediate: answered(async ({ csr }, options) => ({
      crtPem: await calls.signIntermediate(csr, options),
    })),
    crossSignCA: answered(async ({ crt }, options) => ({ crtPem: await calls.crossSignCa(crt, options) })),
    supportsCrossSigning: answered(async (_, options) => ({
      ok: (await calls.supportsCrossSigning(options)) ?? true,
    })),
    cleanup: answered(async (_, options) => {
      await calls.cleanup(options);
      return {};
    }),
  };
}

/** Undefined if the plugin has no such method. */
async function ifThere<T>(call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    if (isStatusError(error) && error.statusName === "UNIMPLEMENTED" && error.details === undefined) {
      return undefined;
    }
    throw error;
  }
}
