import { goHostGrpcCases } from "./go-host-grpc-cases.ts";
import { GoHostLab } from "./go-host-lab.ts";
import { testMatrix } from "./test-matrix.ts";

testMatrix({
  direction: "go-host",
  transport: "grpc",
  cases: goHostGrpcCases,
  lab: (release) => new GoHostLab(release, "grpc"),
});
