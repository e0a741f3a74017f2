import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { nullLogger } from "../log/logger.ts";
import { StdoutReader } from "./stdout-reader.ts";

function read(...chunks: readonly string[]): { line: string | undefined; noise: readonly string[] } {
  let line: string | undefined;
  const reader = new StdoutReader(nullLogger, (found) => {
    line = found;
  });
  for (const chunk of chunks) reader.push(Buffer.from(chunk));
  reader.end();
  return { line, noise: reader.noise };
}

describe("a plugin's stdout", () => {
  it("has the handshake line wherever it comes, and the noise before it is kept", () => {
    const { line, noise } = read(
      "hello\n\n| a | b | c |\n1|1|un",
      "ix|/s|grpc|\n1|1|unix|/other|grpc|\nlater\n",
    );
    assert.equal(line, "1|1|unix|/s|grpc|");
    assert.deepEqual(noise, ["hello", "| a | b | c |"]);
  });

  it("has it after a line of a mebibyte, of which the beginning is kept", () => {
    const { line, noise } = read("x".repeat(1 << 20), "\n1|1|unix|/s|grpc|\n");
    assert.equal(line, "1|1|unix|/s|grpc|");
    assert.deepEqual(noise, [`${"x".repeat(1024)}…`]);
  });

  it("may end without a newline after it", () => {
    assert.equal(read("1|1|unix|/s|grpc|").line, "1|1|unix|/s|grpc|");
  });

  it("keeps no more than twenty lines of noise", () => {
    assert.equal(read("noise\n".repeat(1000)).noise.length, 20);
  });
});
