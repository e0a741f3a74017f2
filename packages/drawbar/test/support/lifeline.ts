import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A socket that a process keeps open while it lives: how a test sees, without asking again and again, that it died. */
export class Lifeline {
  readonly path: string;
  /** Resolves when a process has taken hold. */
  readonly taken: Promise<void>;
  /** Resolves when that process is gone. */
  readonly cut: Promise<void>;
  readonly #folder = mkdtempSync(join(tmpdir(), "lifeline-"));
  readonly #server = createServer();

  constructor() {
    this.path = join(this.#folder, "s");
    this.taken = new Promise((resolve) => this.#server.once("connection", () => resolve()));
    this.cut = new Promise((resolve) => {
      this.#server.once("connection", (socket) => {
        socket.resume();
        socket.on("error", () => {});
        socket.once("close", () => resolve());
      });
    });
  }

  listen(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.listen(this.path, resolve);
    });
  }

  close(): void {
    this.#server.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
