import type { InstallProgress } from "@drawbar/install";
import type { CommandContext } from "../command-context.ts";

const barCells = 24;

/** Shows how installs go: on a terminal a bar that is drawn over itself, elsewhere a line for each step. */
export class ProgressView {
  readonly #context: Pick<CommandContext, "terminal" | "err">;
  #drawn = false;
  /** So that each step of a plugin is told once. */
  #last = "";

  constructor(context: Pick<CommandContext, "terminal" | "err">) {
    this.#context = context;
  }

  readonly show = (progress: InstallProgress): void => {
    const step = stepOf(progress);
    if (this.#context.terminal && progress.kind !== "unlocked") {
      this.#draw(step + bar(progress));
    } else {
      this.end();
      this.#tell(step);
    }
  };

  /** To be called at the end: what follows starts on a line of its own. */
  end(): void {
    if (this.#drawn) this.#context.err("\r\u001b[K");
    this.#drawn = false;
  }

  #draw(text: string): void {
    this.#drawn = true;
    // Without wrapping: what is too long for its line is cut, and can be drawn over.
    this.#context.err(`\u001b[?7l\r\u001b[K${text}\u001b[?7h`);
  }

  #tell(text: string): void {
    if (text === this.#last) return;
    this.#last = text;
    this.#context.err(`${text}\n`);
  }
}

function stepOf(progress: InstallProgress): string {
  const { platform } = progress;
  return platform === undefined ? ownStepOf(progress) : `${ownStepOf(progress)} for ${platform}`;
}

function ownStepOf(progress: InstallProgress): string {
  const { name } = progress;
  switch (progress.kind) {
    case "waiting":
      return `${name}: waiting for process ${progress.pid}, which installs it too`;
    case "resolving":
      return `${name}: asking ${progress.source}`;
    case "fetching":
      return `${name}: fetching${versionOf(progress.version)}`;
    case "unpacking":
      return `${name}: unpacking${versionOf(progress.version)}`;
    case "locked":
      return `${name}: locked ${progress.version}`;
    case "unlocked": {
      const platforms = progress.platforms.join(",");
      return `${name}: ${progress.version} is not locked for ${platforms}; add --platform ${platforms}`;
    }
    case "installed":
      return `${name}: ${progress.changed ? "installed" : "have"} ${progress.version}`;
  }
}

function versionOf(version: string | undefined): string {
  return version === undefined ? "" : ` ${version}`;
}

function bar(progress: InstallProgress): string {
  if (progress.kind !== "fetching") return "";
  const { receivedBytes, totalBytes } = progress;
  if (totalBytes === undefined || totalBytes === 0) return ` ${megabytes(receivedBytes)} MB`;
  const share = Math.min(1, receivedBytes / totalBytes);
  const full = Math.round(share * barCells);
  const cells = "#".repeat(full) + ".".repeat(barCells - full);
  return ` [${cells}] ${Math.floor(share * 100)}% of ${megabytes(totalBytes)} MB`;
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
