import { OurHostLab, overNetRpc } from "./our-host-lab.ts";
import { ourHostNetRpcCases } from "./our-host-netrpc-cases.ts";
import { testMatrix } from "./test-matrix.ts";

testMatrix({
  direction: "our-host",
  transport: "netrpc",
  cases: ourHostNetRpcCases,
  lab: (release) => new OurHostLab(release, overNetRpc),
});
