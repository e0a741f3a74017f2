export { type FromGrpcJs, fromGrpcJs, type GrpcJsMethod, type GrpcJsService } from "./from-grpc-js.ts";
