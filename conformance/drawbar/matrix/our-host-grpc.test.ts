import { ourHostGrpcCases } from "./our-host-grpc-cases.ts";
import { OurHostLab, overGrpc } from "./our-host-lab.ts";
import { testMatrix } from "./test-matrix.ts";

testMatrix({
  direction: "our-host",
  transport: "grpc",
  cases: ourHostGrpcCases,
  lab: (release) => new OurHostLab(release, overGrpc),
});
