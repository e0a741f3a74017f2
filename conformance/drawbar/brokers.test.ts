import { testBrokers } from "./broker-cases.ts";

for (const release of ["1.4.3", "1.6.3", "1.8.0"]) {
  testBrokers(release, { name: "each brokered connection a socket", settings: {}, flags: [] });
  testBrokers(release, {
    name: "each a socket with AutoMTLS",
    settings: { autoMtls: true },
    flags: ["-automtls"],
  });
}
