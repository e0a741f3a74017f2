import { Server, ServerCredentials, type sendUnaryData } from "@grpc/grpc-js";
import type { GetResponse } from "../gen/kv_pb.ts";
import { kvService, worldResponse } from "./grpcjs-service.ts";

const server = new Server();
server.addService(kvService, {
  get: (_call: unknown, callback: sendUnaryData<GetResponse>) => callback(null, worldResponse()),
});
server.bindAsync(`unix:${process.argv[2]}`, ServerCredentials.createInsecure(), (error) => {
  if (error !== null) throw error;
  process.stdout.write("ready\n");
});
process.stdin.on("end", () => process.exit(0)).resume();
