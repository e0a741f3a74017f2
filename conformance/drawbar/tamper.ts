import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { selfSigned } from "@drawbar/x509/self-signed";

// `node tamper.js WHOSE HOW COMMAND…`: runs a plugin and stands between it and its host while they tell each other
// their certificates. WHOSE is "host" or "plugin"; HOW is "other" (somebody else's certificate), "none" or "half".
const [whose, how, file = "", ...args] = process.argv.slice(2);

function tampered(der: Buffer): Buffer {
  if (how === "none") return Buffer.alloc(0);
  if (how === "half") return der.subarray(0, der.length / 2);
  return Buffer.from(selfSigned({ curve: "P-256" }).certificateDer);
}

function tamperedPem(pem: string): string {
  const der = tampered(Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ""), "base64"));
  if (der.length === 0) return "";
  return `-----BEGIN CERTIFICATE-----\n${der.toString("base64")}\n-----END CERTIFICATE-----\n`;
}

function tamperedLine(line: string): string {
  const fields = line.split("|");
  if (fields.length >= 6) {
    fields[5] = tampered(Buffer.from(fields[5] ?? "", "base64"))
      .toString("base64")
      .replace(/=+$/, "");
  }
  return fields.join("|");
}

const env = { ...process.env };
if (whose === "host") env["PLUGIN_CLIENT_CERT"] = tamperedPem(env["PLUGIN_CLIENT_CERT"] ?? "");
const child = spawn(file, args, { env, stdio: ["inherit", "pipe", "inherit"] });
createInterface({ input: child.stdout }).on("line", (line) => {
  process.stdout.write(`${whose === "plugin" ? tamperedLine(line) : line}\n`);
});
process.on("SIGTERM", () => child.kill());
child.on("exit", (code) => process.exit(code ?? 1));
