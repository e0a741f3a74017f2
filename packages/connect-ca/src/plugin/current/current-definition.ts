import { fromProtobuf, type ProtobufService } from "@drawbar/grpc/protobuf";
import { CaProvider } from "../../gen/ca_provider_pb.ts";

/** The service of version 2. */
export const currentDefinition: ProtobufService<(typeof CaProvider)["method"]> = fromProtobuf(CaProvider);
