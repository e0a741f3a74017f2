import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { formatHandshakeLine } from "./format-handshake-line.ts";
import { type HandshakeExpectation, looksLikeHandshake, readHandshakeLine } from "./read-handshake-line.ts";

const expected: HandshakeExpectation = { versions: [1, 3], allowedProtocols: ["grpc"], multiplex: false };

function refusal(line: string, more: Partial<HandshakeExpectation> = {}): { code: string; message: string } {
  const result = readHandshakeLine(line, { ...expected, ...more });
  assert.ok(!result.ok, "the line must be refused");
  return result;
}

describe("a handshake line", () => {
  it("is read with blanks around it and all its fields", () => {
    assert.deepEqual(readHandshakeLine(" 1|3|unix|/tmp/plugin123|grpc|\r\n", expected), {
      ok: true,
      version: 3,
      address: { network: "unix", path: "/tmp/plugin123" },
      protocol: "grpc",
      serverCert: undefined,
      inherited: false,
    });
  });

  it("says by its last field that the plugin serves the connection that it was started with", () => {
    for (const multiplex of [false, true]) {
      const line = formatHandshakeLine({
        version: 1,
        address: { network: "unix", path: "/s" },
        protocol: "grpc",
        ...(multiplex ? { multiplex } : {}),
        inherited: true,
      });
      assert.equal(line, `1|1|unix|/s|grpc||${multiplex}|inherited\n`);
      const accepted = readHandshakeLine(line, { ...expected, multiplex });
      assert.ok(accepted.ok && accepted.inherited);
    }
    const other = readHandshakeLine("1|1|unix|/s|grpc||false|something", expected);
    assert.ok(other.ok && !other.inherited);
  });

  it("means net/rpc when it names no protocol", () => {
    const accepted = readHandshakeLine("1|1|tcp|127.0.0.1:1234", {
      ...expected,
      allowedProtocols: ["netrpc"],
    });
    assert.ok(accepted.ok);
    assert.equal(accepted.protocol, "netrpc");
    assert.deepEqual(accepted.address, { network: "tcp", host: "127.0.0.1", port: 1234 });
  });

  it("has a certificate only if the sixth field is longer than 50 characters", () => {
    const der = Uint8Array.from({ length: 100 }, (_, index) => index);
    const base64 = Buffer.from(der).toString("base64").replace(/=+$/, "");
    const accepted = readHandshakeLine(`1|1|unix|/s|grpc|${base64}`, expected);
    assert.ok(accepted.ok);
    assert.deepEqual(accepted.serverCert, der);
    const old = readHandshakeLine("1|1|unix|/s|grpc|extra data", expected);
    assert.ok(old.ok);
    assert.equal(old.serverCert, undefined);
    assert.deepEqual(refusal(`1|1|unix|/s|grpc|${"A".repeat(60)}=`), {
      ok: false,
      code: "server-cert-invalid",
      message: "error parsing server cert: illegal base64 data at input byte 60",
    });
  });

  it("is refused with go-plugin's words for each fault", () => {
    const cases: [string, string, RegExp][] = [
      ["hello", "handshake-unrecognized", /^Unrecognized remote plugin message: hello$/],
      [
        "x|1|unix|/s|grpc",
        "core-version-invalid",
        /^error parsing core protocol version: strconv.Atoi: parsing "x": invalid syntax$/,
      ],
      [
        "2|1|unix|/s|grpc",
        "core-version-incompatible",
        /^incompatible core API version with plugin. Plugin version: 2, Core version: 1\n/,
      ],
      [
        "1|x|unix|/s|grpc",
        "app-version-invalid",
        /^Error parsing protocol version "x": strconv.Atoi: parsing "x": invalid syntax$/,
      ],
      [
        "1|2|unix|/s|grpc",
        "app-version-incompatible",
        /^incompatible API version with plugin. Plugin version: 2, Client versions: \[1 3\]\n/,
      ],
      ["1|1|ipx|/s|grpc", "network-unknown", /^unknown address type: \/s /],
      ["1|1|tcp|nowhere|grpc", "address-invalid", /tcp address cannot be used: "nowhere"/],
      ["1|1|tcp|127.0.0.1:99999|grpc", "address-invalid", /99999/],
      ["1|1|unix||grpc", "address-invalid", /unix address/],
      ["1|1|unix|/s", "protocol-not-allowed", /^unsupported plugin protocol "netrpc". Supported: \[grpc\]\n/],
      ["1|1|unix|/s|carrier-pigeon", "protocol-not-allowed", /"carrier-pigeon"/],
    ];
    for (const [line, code, message] of cases) {
      const refused = refusal(line);
      assert.equal(refused.code, code, line);
      assert.match(refused.message, message);
    }
  });

  it("must say that it multiplexes when the host asked for it", () => {
    const multiplex = { multiplex: true };
    assert.equal(refusal("1|1|unix|/s|grpc|", multiplex).code, "multiplex-not-supported");
    assert.match(
      refusal("1|1|unix|/s|grpc|", multiplex).message,
      /you will need to update the github.com\/hashicorp\/go-plugin dependency/,
    );
    assert.equal(refusal("1|1|unix|/s|grpc||false", multiplex).code, "multiplex-not-supported");
    assert.equal(refusal("1|1|unix|/s|grpc||maybe", multiplex).code, "multiplex-flag-invalid");
    assert.match(
      refusal("1|1|unix|/s|grpc||maybe", multiplex).message,
      /^error parsing "maybe" as a boolean for gRPC broker multiplexing support/,
    );
    assert.ok(readHandshakeLine("1|1|unix|/s|grpc||true", { ...expected, multiplex: true }).ok);
  });

  it("is told from noise by its number and its fields", () => {
    assert.ok(looksLikeHandshake("1|1|unix|/s"));
    assert.ok(looksLikeHandshake("  99|x|y|z  "));
    assert.ok(!looksLikeHandshake("starting up"));
    assert.ok(!looksLikeHandshake("| a | table | row |"));
    assert.ok(!looksLikeHandshake("1|2|3"));
  });

  it("that a plugin prints is accepted by a host", () => {
    const serverCert = Uint8Array.from({ length: 400 }, (_, index) => index & 0xff);
    for (const address of [
      { network: "unix", path: "/tmp/drawbar-x/plugin.sock" },
      { network: "tcp", host: "::1", port: 10_000 },
    ] as const) {
      const line = formatHandshakeLine({
        version: 3,
        address,
        protocol: "grpc",
        serverCert,
        multiplex: true,
      });
      assert.deepEqual(readHandshakeLine(line, { ...expected, multiplex: true }), {
        ok: true,
        version: 3,
        address,
        protocol: "grpc",
        serverCert,
        inherited: false,
      });
    }
    const plain = formatHandshakeLine({
      version: 1,
      address: { network: "unix", path: "/s" },
      protocol: "grpc",
    });
    assert.equal(plain, "1|1|unix|/s|grpc|\n");
  });
});
