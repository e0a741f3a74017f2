import { spawnSync } from "node:child_process";
import { peerPath } from "../support/peer-path.ts";

/** What the peer is asked, as conformance/peers/versions/main.go takes it. */
export interface VersionQuestion {
  readonly Constraint: string;
  readonly Versions: readonly string[];
}

/** For each version whether it fits; null where a library cannot read the constraint. */
export interface VersionAnswer {
  /** hashicorp/go-version. */
  readonly GoVersion: readonly boolean[] | null;
  /** apparentlymart/go-versions, by which Terraform chooses providers. */
  readonly Providers: readonly boolean[] | null;
}

/** Go's answers, one for each question. */
export async function askGo(questions: readonly VersionQuestion[]): Promise<VersionAnswer[]> {
  const input = questions.map((question) => `${JSON.stringify(question)}\n`).join("");
  const { stdout, status, stderr } = spawnSync(await peerPath("versions"), { input, maxBuffer: 2 ** 28 });
  if (status !== 0) throw new Error(`the peer failed: ${stderr}`);
  return stdout
    .toString()
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
}
