export { fromProtobuf, type ProtobufService } from "./from-protobuf.ts";
export { messageCodec } from "./message-codec.ts";
