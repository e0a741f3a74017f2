import { createHash, timingSafeEqual } from "node:crypto";
import { createReadStream } from "node:fs";
import { PluginConfigError, PluginStartError } from "../errors.ts";

/** What a plugin's program must be, so that no other is started. Can be used any number of times. */
export interface SecureConfig {
  /** The program's digest, in hexadecimal or as bytes. */
  readonly checksum: string | Uint8Array;
  /** Any hash that node has, such as "sha256". */
  readonly hash: string;
  /**
   * Start the file where it is, for a script that needs the files beside it. The file could then be exchanged
   * between the check and the start, as in go-plugin. Default false: a private copy is checked and started.
   */
  readonly inPlace?: boolean;
}

/** The digest that a config asks for. @throws PluginConfigError, in go-plugin's words, for one that can never match */
export function expectedDigest({ checksum, hash }: SecureConfig): Buffer {
  if (checksum.length === 0) throw invalid("no checksum provided (secureConfig.checksum)");
  if (hash === "") throw invalid("no hash implementation provided (secureConfig.hash)");
  if (typeof checksum === "string" && !/^([0-9a-f]{2})+$/i.test(checksum)) {
    throw invalid("secureConfig.checksum is not hexadecimal");
  }
  const digest = typeof checksum === "string" ? Buffer.from(checksum, "hex") : Buffer.from(checksum);
  const { length } = digestOfNothing(hash);
  if (digest.length !== length) {
    throw invalid(`secureConfig.checksum has ${digest.length} bytes, and ${hash} gives ${length}`);
  }
  return digest;
}

/** Rejects with `checksum-mismatch` unless the bytes of `file` have the digest; in constant time. */
export async function checkDigest(file: string, name: string, config: SecureConfig): Promise<void> {
  const expected = expectedDigest(config);
  const hash = createHash(config.hash);
  for await (const chunk of createReadStream(file, { highWaterMark: 256 * 1024 }))
    hash.update(chunk as Buffer);
  const found = hash.digest();
  if (timingSafeEqual(found, expected)) return;
  const facts = {
    plugin: name,
    hash: config.hash,
    expected: expected.toString("hex"),
    found: found.toString("hex"),
  };
  throw new PluginStartError(
    "checksum-mismatch",
    `checksums did not match: the ${config.hash} of ${name} is ${facts.found}, not ${facts.expected}; it was not started`,
    { facts },
  );
}

function digestOfNothing(hash: string): Buffer {
  try {
    return createHash(hash).digest();
  } catch (cause) {
    throw invalid(
      `no hash implementation provided: node has none that is called ${JSON.stringify(hash)}`,
      cause,
    );
  }
}

function invalid(message: string, cause?: unknown): PluginConfigError {
  return new PluginConfigError(`error verifying checksum: ${message}`, { cause });
}
