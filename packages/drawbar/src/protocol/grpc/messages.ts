import type { Codec } from "@drawbar/grpc";
import { WireReader, WireWriter } from "@drawbar/grpc/wire";
import type { ConnInfo, Knock } from "../../broker/conn-info.ts";
import type { StatedPlugin } from "../stated-plugin.ts";
import type { StdioChunk } from "../stdio-buffer.ts";

// Written by hand, because a plugin that is written by hand should not load a protobuf runtime for these.

/** `plugin.Empty` and `google.protobuf.Empty`. */
export const emptyCodec: Codec<undefined> = {
  encode: () => new Uint8Array(0),
  decode: () => undefined,
};

/** `plugin.StdioData`. */
export const stdioChunkCodec: Codec<StdioChunk> = {
  encode: ({ channel, data }) => new WireWriter().uint32(1, channel).bytes(2, data).finish(),
  decode: (bytes) => {
    const reader = new WireReader(bytes);
    let channel = 0;
    let data: Uint8Array = new Uint8Array(0);
    for (let field = reader.next(); field !== 0; field = reader.next()) {
      if (field === 1) channel = reader.uint32();
      else if (field === 2) data = reader.bytes();
      else reader.skip();
    }
    return { channel, data };
  },
};

/** `drawbar.plugin.v1.DescribeResponse`: what is not stated is empty. */
export const statedPluginCodec: Codec<StatedPlugin> = {
  encode: ({ name = "", version = "" }) => new WireWriter().string(1, name).string(2, version).finish(),
  decode: (bytes) => {
    const reader = new WireReader(bytes);
    let name = "";
    let version = "";
    for (let field = reader.next(); field !== 0; field = reader.next()) {
      if (field === 1) name = reader.string();
      else if (field === 2) version = reader.string();
      else reader.skip();
    }
    return { name: name || undefined, version: version || undefined };
  },
};

/** `plugin.ConnInfo`. */
export const connInfoCodec: Codec<ConnInfo> = {
  encode: ({ serviceId, network, address, knock }) => {
    const writer = new WireWriter().uint32(1, serviceId).string(2, network).string(3, address);
    if (knock !== undefined) writer.message(4, (inner) => writeKnock(inner, knock));
    return writer.finish();
  },
  decode: (bytes) => {
    const reader = new WireReader(bytes);
    let serviceId = 0;
    let network = "";
    let address = "";
    let knock: Knock | undefined;
    for (let field = reader.next(); field !== 0; field = reader.next()) {
      if (field === 1) serviceId = reader.uint32();
      else if (field === 2) network = reader.string();
      else if (field === 3) address = reader.string();
      else if (field === 4) knock = readKnock(reader.message());
      else reader.skip();
    }
    return { serviceId, network, address, knock };
  },
};

function writeKnock(writer: WireWriter, { knock, ack, error }: Knock): void {
  writer.bool(1, knock).bool(2, ack).string(3, error);
}

function readKnock(reader: WireReader): Knock {
  let knock = false;
  let ack = false;
  let error = "";
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    if (field === 1) knock = reader.bool();
    else if (field === 2) ack = reader.bool();
    else if (field === 3) error = reader.string();
    else reader.skip();
  }
  return { knock, ack, error };
}
