import { spawn } from "node:child_process";
import { root } from "./paths.mjs";
import { PlainError } from "./say.mjs";

/**
 * Runs a command to its end and resolves with what it wrote to stdout. A failure shows all that it
 * wrote; success shows nothing.
 *
 * @param options.cwd default: the repository's root
 * @param options.env added to the environment
 * @param options.timeoutMs after which it is killed; default: none
 * @throws PlainError when it cannot be started, ends with another code than 0 or takes too long
 */
export function run(command, args, options = {}) {
  const { cwd = root, env = {}, timeoutMs } = options;
  const line = [command, ...args].join(" ");
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
      timeout: timeoutMs,
      killSignal: "SIGKILL",
    });
    const written = [];
    const stdout = [];
    child.stdout.on("data", (chunk) => {
      stdout.push(chunk);
      written.push(chunk);
    });
    child.stderr.on("data", (chunk) => written.push(chunk));
    child.on("error", (error) => reject(new PlainError(`cannot run ${line}: ${error.message}`)));
    child.on("close", (code, signal) => {
      if (code === 0) return resolve(Buffer.concat(stdout).toString());
      const how = signal ? `was ended by ${signal}` : `failed with exit code ${code}`;
      reject(new PlainError(`${Buffer.concat(written)}\n${line} ${how} (in ${cwd})`));
    });
  });
}

/** Runs a command with this process's own stdio and resolves with its exit code (1 when a signal ended it). */
export function passThrough(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: "inherit", ...options });
    child.on("error", reject);
    child.on("close", (code) => resolve(code ?? 1));
  });
}
