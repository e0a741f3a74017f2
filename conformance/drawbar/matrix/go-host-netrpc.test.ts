import { GoHostLab } from "./go-host-lab.ts";
import { goHostNetRpcCases } from "./go-host-netrpc-cases.ts";
import { testMatrix } from "./test-matrix.ts";

testMatrix({
  direction: "go-host",
  transport: "netrpc",
  cases: goHostNetRpcCases,
  lab: (release) => new GoHostLab(release, "netrpc"),
});
