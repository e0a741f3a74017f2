import type { Codec, MethodDefinition, MethodKind, ServiceDefinition } from "@drawbar/grpc";
import type { ConnInfo } from "../../broker/conn-info.ts";
import type { StatedPlugin } from "../stated-plugin.ts";
import type { StdioChunk } from "../stdio-buffer.ts";
import {
  brokerDescriptor,
  controllerDescriptor,
  describeDescriptor,
  emptyDescriptor,
  stdioDescriptor,
} from "./descriptors.ts";
import { connInfoCodec, emptyCodec, statedPluginCodec, stdioChunkCodec } from "./messages.ts";

// go-plugin's own services, as its hosts and plugins know them, and one of drawbar's.

/** The name under which a plugin's health is asked. */
export const pluginServiceName: string = "plugin";

type Method<I, O, Kind> = MethodDefinition<I, O> & { readonly kind: Kind };

/** Notes about brokered connections, both ways, as long as host and plugin are connected. */
export const brokerService: ServiceDefinition<{
  readonly startStream: Method<ConnInfo, ConnInfo, "bidi_streaming">;
}> = {
  name: "plugin.GRPCBroker",
  methods: {
    startStream: method("/plugin.GRPCBroker/StartStream", "bidi_streaming", connInfoCodec, connInfoCodec),
  },
  fileDescriptors: () => fromBase64(brokerDescriptor),
};

/** Asks the plugin to end. */
export const controllerService: ServiceDefinition<{
  readonly shutdown: Method<undefined, undefined, "unary">;
}> = {
  name: "plugin.GRPCController",
  methods: { shutdown: method("/plugin.GRPCController/Shutdown", "unary", emptyCodec, emptyCodec) },
  fileDescriptors: () => fromBase64(controllerDescriptor),
};

/** What the plugin's code writes to stdout and stderr. */
export const stdioService: ServiceDefinition<{
  readonly streamStdio: Method<undefined, StdioChunk, "server_streaming">;
}> = {
  name: "plugin.GRPCStdio",
  methods: {
    streamStdio: method("/plugin.GRPCStdio/StreamStdio", "server_streaming", emptyCodec, stdioChunkCodec),
  },
  fileDescriptors: () => fromBase64(emptyDescriptor, stdioDescriptor),
};

/** What the plugin says of itself. Only plugins made with drawbar have it. */
export const describeService: ServiceDefinition<{
  readonly describe: Method<undefined, StatedPlugin, "unary">;
}> = {
  name: "drawbar.plugin.v1.PluginService",
  methods: {
    describe: method("/drawbar.plugin.v1.PluginService/Describe", "unary", emptyCodec, statedPluginCodec),
  },
  fileDescriptors: () => fromBase64(describeDescriptor),
};

function method<I, O, const Kind extends MethodKind>(
  path: string,
  kind: Kind,
  request: Codec<I>,
  response: Codec<O>,
): Method<I, O, Kind> {
  return { path, kind, request, response };
}

function fromBase64(...descriptors: readonly string[]): Uint8Array[] {
  return descriptors.map((descriptor) => Buffer.from(descriptor, "base64"));
}
