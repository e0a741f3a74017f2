import assert from "node:assert/strict";
import { test } from "node:test";
import { HpackDecoder } from "./decoder.ts";

// RFC 7541 appendix C. Sections C.5 and C.6 use a table of 256 bytes, which the first block then signals.
const request1 = [":method", "GET", ":scheme", "http", ":path", "/", ":authority", "www.example.com"];
const request2 = [...request1, "cache-control", "no-cache"];
const request3 = [
  ...[":method", "GET", ":scheme", "https", ":path", "/index.html", ":authority", "www.example.com"],
  ...["custom-key", "custom-value"],
];
const date = "Mon, 21 Oct 2013 20:13:21 GMT";
const shared = ["cache-control", "private", "date", date, "location", "https://www.example.com"];
const cookie = "foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1";
const responses = [
  [":status", "302", ...shared],
  [":status", "307", ...shared],
  [
    ...[":status", "200", "cache-control", "private", "date", "Mon, 21 Oct 2013 20:13:22 GMT"],
    ...["location", "https://www.example.com", "content-encoding", "gzip", "set-cookie", cookie],
  ],
];

const vectors: readonly [
  section: string,
  blocks: readonly string[],
  lists: readonly (readonly string[])[],
][] = [
  ["C.2.1", ["400a637573746f6d2d6b65790d637573746f6d2d686561646572"], [["custom-key", "custom-header"]]],
  ["C.2.2", ["040c2f73616d706c652f70617468"], [[":path", "/sample/path"]]],
  ["C.2.3", ["100870617373776f726406736563726574"], [["password", "secret"]]],
  ["C.2.4", ["82"], [[":method", "GET"]]],
  [
    "C.3",
    [
      "828684410f7777772e6578616d706c652e636f6d",
      "828684be58086e6f2d6361636865",
      "828785bf400a637573746f6d2d6b65790c637573746f6d2d76616c7565",
    ],
    [request1, request2, request3],
  ],
  [
    "C.4",
    [
      "828684418cf1e3c2e5f23a6ba0ab90f4ff",
      "828684be5886a8eb10649cbf",
      "828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf",
    ],
    [request1, request2, request3],
  ],
  [
    "C.5",
    [
      "3fe1014803333032580770726976617465611d4d6f6e2c203231204f637420323031332032303a31333a323120474d54" +
        "6e1768747470733a2f2f7777772e6578616d706c652e636f6d",
      "4803333037c1c0bf",
      "88c1611d4d6f6e2c203231204f637420323031332032303a31333a323220474d54c05a04677a69707738666f6f3d4153" +
        "444a4b48514b425a584f5157454f50495541585157454f49553b206d61782d6167653d333630303b2076657273696f6e3d31",
    ],
    responses,
  ],
  [
    "C.6",
    [
      "3fe101488264025885aec3771a4b6196d07abe941054d444a8200595040b8166e082a62d1bff6e919d29ad171863c78f" +
        "0b97c8e9ae82ae43d3",
      "4883640effc1c0bf",
      "88c16196d07abe941054d444a8200595040b8166e084a62d1bffc05a839bd9ab77ad94e7821dd7f2e6c7b335dfdfcd5b" +
        "3960d5af27087f3672c1ab270fb5291f9587316065c003ed4ee5b1063d5007",
    ],
    responses,
  ],
];

for (const [section, blocks, lists] of vectors) {
  test(`the examples of RFC 7541 ${section} decode to the lists given there`, () => {
    const decoder = new HpackDecoder(4096, 65_536);
    for (const [i, block] of blocks.entries()) {
      const bytes = Buffer.from(block, "hex");
      assert.deepEqual(decoder.decode(bytes, 0, bytes.length).list, lists[i]);
    }
  });
}
