import * as gob from "@drawbar/gob";
import {
  type Client,
  type Implementation,
  method,
  type RequestContext,
  ServerError,
  service,
} from "@drawbar/netrpc";
import { type Receiver, receiver } from "drawbar";
import { configSchema, fromGob, toGob } from "./config-gob.ts";
import type { HistoricCalls } from "./historic-calls.ts";

// The structs of Consul's transport_netrpc.go and provider.pb.go. Gob passes over fields that it does not
// know and takes missing ones for zero, so State can stand beside Consul's own.
const empty = gob.struct("Empty", {});
const configureRequest = gob.struct("ConfigureRPCRequest", {
  ClusterId: gob.string,
  IsRoot: gob.bool,
  RawConfig: configSchema,
  State: gob.record(gob.string),
});
const setIntermediateRequest = gob.struct("SetIntermediateRPCRequest", {
  IntermediatePEM: gob.string,
  RootPEM: gob.string,
});
const csrRequest = gob.struct("SignRequest", { Csr: gob.bytes });
const certificateRequest = gob.struct("CrossSignCARequest", { Crt: gob.bytes });
const certificateResponse = gob.struct("SignResponse", { CrtPem: gob.string });
const csrResponse = gob.struct("GenerateIntermediateCSRResponse", { CsrPem: gob.string });
const stateResponse = gob.struct("StateResponse", { Present: gob.bool, State: gob.record(gob.string) });
const boolResponse = gob.struct("BoolResponse", { Ok: gob.bool });

const methods = {
  Configure: method(configureRequest, empty),
  GenerateRoot: method(empty, empty),
  ActiveRoot: method(empty, certificateResponse),
  GenerateIntermediateCSR: method(empty, csrResponse),
  SetIntermediate: method(setIntermediateRequest, empty),
  ActiveIntermediate: method(empty, certificateResponse),
  GenerateIntermediate: method(empty, certificateResponse),
  Sign: method(csrRequest, certificateResponse),
  SignIntermediate: method(csrRequest, certificateResponse),
  CrossSignCA: method(certificateRequest, certificateResponse),
  Cleanup: method(empty, empty),
  State: method(empty, stateResponse),
  SupportsCrossSigning: method(empty, boolResponse),
};

/** The service of version 1, as both sides know it. */
const contract = service("CA", methods);

/** Version 1 on the net/rpc connection of a dispensed plugin. */
export function historicCallsOnNetRpc(client: Client): HistoricCalls {
  const ca = client.service(contract, { name: "Plugin" });
  return {
    async configure({ clusterId, isRoot, config, state }, options) {
      const request = { ClusterId: clusterId, IsRoot: isRoot, RawConfig: toGob(config), State: state };
      await ca.Configure(request, options);
    },
    async generateRoot(options) {
      await ca.GenerateRoot({}, options);
    },
    activeRoot: async (options) => (await ca.ActiveRoot({}, options)).CrtPem,
    generateIntermediateCsr: async (options) => (await ca.GenerateIntermediateCSR({}, options)).CsrPem,
    async setIntermediate(intermediatePem, rootPem, options) {
      await ca.SetIntermediate({ IntermediatePEM: intermediatePem, RootPEM: rootPem }, options);
    },
    activeIntermediate: async (options) => (await ca.ActiveIntermediate({}, options)).CrtPem,
    generateIntermediate: async (options) => (await ca.GenerateIntermediate({}, options)).CrtPem,
    sign: async (csr, options) => (await ca.Sign({ Csr: csr }, options)).CrtPem,
    signIntermediate: async (csr, options) => (await ca.SignIntermediate({ Csr: csr }, options)).CrtPem,
    crossSignCa: async (crt, options) => (await ca.CrossSignCA({ Crt: crt }, options)).CrtPem,
    async cleanup(options) {
      await ca.Cleanup({}, options);
    },
    state: (options) =>
      ifThere(async () => {
        const { Present, State } = await ca.State({}, options);
        return Present ? State : null;
      }),
    supportsCrossSigning: (options) => ifThere(async () => (await ca.SupportsCrossSigning({}, options)).Ok),
  };
}

/** What answers version 1 on net/rpc with `calls`. */
export function historicReceiver(calls: HistoricCalls): Receiver {
  return receiver(contract, implementation(calls));
}

function implementation(calls: HistoricCalls): Implementation<typeof methods> {
  const certificate = async (pem: Promise<string>): Promise<{ CrtPem: string }> => ({ CrtPem: await pem });
  return {
    async Configure({ ClusterId, IsRoot, RawConfig, State }, how) {
      const request = { clusterId: ClusterId, isRoot: IsRoot, config: fromGob(RawConfig), state: State };
      await calls.configure(request, signalOf(how));
      return {};
    },
    async GenerateRoot(_, how) {
      await calls.generateRoot(signalOf(how));
      return {};
    },
    ActiveRoot: (_, how) => certificate(calls.activeRoot(signalOf(how))),
    GenerateIntermediateCSR: async (_, how) => ({
      CsrPem: await calls.generateIntermediateCsr(signalOf(how)),
    }),
    async SetIntermediate({ IntermediatePEM, RootPEM }, how) {
      await calls.setIntermediate(IntermediatePEM, RootPEM, signalOf(how));
      return {};
    },
    ActiveIntermediate: (_, how) => certificate(calls.activeIntermediate(signalOf(how))),
    GenerateIntermediate: (_, how) => certificate(calls.generateIntermediate(signalOf(how))),
    Sign: ({ Csr }, how) => certificate(calls.sign(Csr, signalOf(how))),
    SignIntermediate: ({ Csr }, how) => certificate(calls.signIntermediate(Csr, signalOf(how))),
    CrossSignCA: ({ Crt }, how) => certificate(calls.crossSignCa(Crt, signalOf(how))),
    async Cleanup(_, how) {
      await calls.cleanup(signalOf(how));
      return {};
    },
    async State(_, how) {
      const state = await calls.state(signalOf(how));
      return { Present: state != null, State: state ?? {} };
    },
    SupportsCrossSigning: async (_, how) => ({
      Ok: (await calls.supportsCrossSigning(signalOf(how))) ?? true,
    }),
  };
}

function signalOf({ signal }: RequestContext): { signal: AbortSignal } {
  return { signal };
}

/** Undefined if the plugin has no such method. */
async function ifThere<T>(call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof ServerError && error.message.startsWith("rpc: can't find method ")) return undefined;
    throw error;
  }
}
