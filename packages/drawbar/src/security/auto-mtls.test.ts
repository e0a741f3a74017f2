import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { describe, it } from "node:test";
import { type ByteStream, memoryPair } from "@drawbar/io";
import { toDuplex } from "@drawbar/io/node";
import { AutoMtls } from "./auto-mtls.ts";
import type { TransportSecurity } from "./transport-security.ts";

interface Outcome {
  readonly dialed: PromiseSettledResult<ByteStream>;
  /** What the accepting side had of the connection: a stream, or why it was refused. */
  readonly accepted: ByteStream | Error;
}

async function shakeHands(dialing: TransportSecurity, accepting: TransportSecurity): Promise<Outcome> {
  const [ours, theirs] = memoryPair();
  const accepted = new Promise<ByteStream | Error>((resolve) => {
    accepting.acceptor(resolve, resolve)(toDuplex(theirs));
  });
  const [dialed] = await Promise.allSettled([dialing.dialed(toDuplex(ours))]);
  return { dialed, accepted: await accepted };
}

function received(stream: ByteStream): Promise<string> {
  return new Promise((resolve) => {
    stream.start({
      onData: (chunk) => resolve(Buffer.from(chunk).toString()),
      onEnd: () => {},
      onDrain: () => {},
      onClose: () => {},
    });
  });
}

describe("AutoMTLS", () => {
  for (const curve of ["P-256", "P-521"] as const) {
    it(`connects two sides that were told each other's certificate (${curve})`, async () => {
      const host = new AutoMtls({ curve });
      const plugin = new AutoMtls();
      const { dialed, accepted } = await shakeHands(
        host.trust(plugin.certificatePem, "h2"),
        plugin.trust(host.certificatePem, "h2"),
      );
      assert.equal(dialed.status, "fulfilled");
      assert.ok(!(accepted instanceof Error));
      const text = received(accepted);
      dialed.value.write(Buffer.from("over TLS"));
      assert.equal(await text, "over TLS");
    });
  }

  it("has P-256 keys, or P-521 if it is told so", () => {
    const curveOf = ({ certificatePem }: AutoMtls) =>
      new X509Certificate(certificatePem).publicKey.asymmetricKeyDetails?.namedCurve;
    assert.equal(curveOf(new AutoMtls()), "prime256v1");
    assert.equal(curveOf(new AutoMtls({ curve: "P-521" })), "secp521r1");
  });

  it("refuses a plugin with another certificate", async () => {
    const [host, plugin, stranger] = [new AutoMtls(), new AutoMtls(), new AutoMtls()];
    const { dialed } = await shakeHands(
      host.trust(plugin.certificatePem, "h2"),
      stranger.trust(host.certificatePem, "h2"),
    );
    assert.equal(dialed.status, "rejected");
  });

  it("refuses a host with another certificate", async () => {
    const [host, plugin, stranger] = [new AutoMtls(), new AutoMtls(), new AutoMtls()];
    const { accepted } = await shakeHands(
      stranger.trust(plugin.certificatePem, "h2"),
      plugin.trust(host.certificatePem, "h2"),
    );
    assert.ok(accepted instanceof Error);
  });

  it("tells its certificate as go-plugin does: PEM to a plugin, DER to a host", () => {
    const { certificatePem, certificateDer } = new AutoMtls();
    const der = Buffer.from(certificatePem.replace(/-----[^-]+-----|\n/g, ""), "base64");
    assert.deepEqual(der, Buffer.from(certificateDer));
  });

  it("refuses to trust what is no certificate, or a part of one", () => {
    const { certificateDer } = new AutoMtls();
    assert.throws(() => new AutoMtls().trust("no certificate", "h2"));
    assert.throws(() => new AutoMtls().trust(certificateDer.subarray(0, 100), "h2"));
  });
});
