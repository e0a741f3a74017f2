import { run } from "../run.mjs";
import { PlainError } from "../say.mjs";

const oldestGo = [1, 26];

/** What every Go build runs with: the installed toolchain and no other, programs without cgo. */
export const goEnv = { GOTOOLCHAIN: "local", CGO_ENABLED: "0", GOFLAGS: "-mod=mod", GOWORK: "off" };

let goVersion;
let pythonVersion;

/** `go version`'s answer. Throws a PlainError that says how to get Go when it is missing or too old. */
export function requireGo() {
  goVersion ??= askGo();
  return goVersion;
}

async function askGo() {
  const advice =
    "Install Go >= 1.26 from https://go.dev/dl/ and see that `go` is on PATH: " +
    "the tests build the Go programs that drawbar is tested against.";
  const answer = await run("go", ["version"], { env: goEnv }).catch(() => undefined);
  if (answer === undefined) throw new PlainError(`Go is not installed. ${advice}`);
  const [, major, minor] = /go(\d+)\.(\d+)/.exec(answer) ?? [];
  const isNew =
    Number(major) > oldestGo[0] || (Number(major) === oldestGo[0] && Number(minor) >= oldestGo[1]);
  if (!isNew) throw new PlainError(`Go is too old (${answer.trim()}). ${advice}`);
  return answer.trim();
}

/** Python's version. Throws a PlainError that says how to get Python 3 with venv when it is missing. */
export function requirePython() {
  pythonVersion ??= askPython();
  return pythonVersion;
}

async function askPython() {
  const check = "import sys, venv, ensurepip; print(sys.version, sys.prefix)";
  const answer = await run("python3", ["-c", check]).catch(() => undefined);
  if (answer !== undefined) return answer.trim();
  throw new PlainError(
    "Python 3 with its venv module is not installed. Install it from https://www.python.org/downloads/ " +
      "(on Debian and Ubuntu: apt-get install python3 python3-venv): a plugin written in Python is one of the tests' peers.",
  );
}
