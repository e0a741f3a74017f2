import assert from "node:assert/strict";
import { isIP } from "node:net";
import { test } from "node:test";
import fc from "fast-check";
import { ipAddressOctets, ipAddressText } from "./ip-address.ts";

test("octets of an address survive the way through text, which is one that node knows", () => {
  const length = fc.constantFrom(4, 16);
  const sparse = fc.oneof(fc.constant(0), fc.nat({ max: 255 }));
  const addresses = length.chain((count) =>
    fc
      .uint8Array({ minLength: count, maxLength: count })
      .chain((octets) =>
        fc
          .array(sparse, { minLength: count, maxLength: count })
          .map((zeros) => octets.map((octet, i) => (zeros[i] === 0 ? 0 : octet))),
      ),
  );
  fc.assert(
    fc.property(addresses, (octets) => {
      const text = ipAddressText(octets) ?? "";
      assert.equal(isIP(text), octets.length === 4 ? 4 : 6, text);
      assert.deepEqual(ipAddressOctets(text), octets);
    }),
  );
});

test("text is RFC 5952's: longest run of zeros, lower case, mapped addresses dotted", () => {
  for (const [text, canonical] of [
    ["2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1"],
    ["0:0:0:0:0:0:0:0", "::"],
    ["::1", "::1"],
    ["1::", "1::"],
    ["2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"],
    ["::ffff:10.0.0.1", "::ffff:10.0.0.1"],
    ["1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304"],
  ] as const) {
    assert.equal(ipAddressText(ipAddressOctets(text) ?? new Uint8Array()), canonical);
  }
});

test("what node does not take for an address is not one here", () => {
  for (const text of [
    "",
    "1.2.3",
    "1.2.3.256",
    "01.2.3.4",
    "1.2.3.4.5",
    ":::",
    "1::2::3",
    "12345::",
    "::1.2.3",
    "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:8:9",
    "::g",
    "fe80::1%eth0",
    "1:2:3:4:5:6:7::8",
  ]) {
    assert.equal(ipAddressOctets(text), undefined, text);
    if (text !== "fe80::1%eth0" && text !== "1:2:3:4:5:6:7::8") assert.equal(isIP(text), 0, text);
  }
});

test("octets of another count than 4 and 16 are no address", () => {
  assert.equal(ipAddressText(new Uint8Array(5)), undefined);
});
