/** How this implementation names itself (gRPC over HTTP/2, "User Agents"). */
export const userAgent = "grpc-node-drawbar/0.1.0";
