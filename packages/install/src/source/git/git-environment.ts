import type { Credentials } from "../../transfer/credentials/credentials.ts";
import type { Environment } from "../../transfer/credentials/env-token.ts";

// Would point git at a repository, or have it run what somebody else chose.
const dropped =
  /^(GIT_DIR|GIT_WORK_TREE|GIT_INDEX_FILE|GIT_OBJECT_DIRECTORY|GIT_ALTERNATE_OBJECT_DIRECTORIES|GIT_COMMON_DIR|GIT_NAMESPACE|GIT_CEILING_DIRECTORIES|GIT_TEMPLATE_DIR|GIT_EXTERNAL_DIFF|GIT_CONFIG_(COUNT|KEY_\d+|VALUE_\d+|PARAMETERS))$/;

// git asks this for user and password, and gives them to nobody but the host in question. They are in the environment,
// because everybody can read a command line.
const helper =
  '!f() { test "$1" = get && printf "username=%s\\npassword=%s\\n" "$DRAWBAR_GIT_USER" "$DRAWBAR_GIT_PASSWORD"; }; f';

/** What git is told besides its arguments. */
export interface GitAccess {
  readonly env: Environment;
  /** Transports that may be used, redirects included. */
  readonly protocols: readonly string[];
  /** Whom the credentials are for: `https://HOST`. */
  readonly login: { readonly origin: string; readonly credentials: Credentials } | undefined;
}

/** git's environment: it asks nobody anything, runs no hook, and follows no transport that was not chosen. */
export function gitEnvironment({ env, protocols, login }: GitAccess): Record<string, string> {
  const kept = Object.entries(env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !dropped.test(entry[0]),
  );
  const config: readonly (readonly [string, string])[] = [
    ["core.hooksPath", "/dev/null"],
    ["core.fsmonitor", "false"],
    ["core.autocrlf", "false"],
    ["submodule.recurse", "false"],
    ["fetch.recurseSubmodules", "false"],
    ["transfer.fsckObjects", "true"],
    ["gc.auto", "0"],
    ["maintenance.auto", "false"],
    ["advice.detachedHead", "false"],
    ...(login === undefined ? [] : ([[`credential.${login.origin}.helper`, helper]] as const)),
  ];
  const { user, password } = login?.credentials.login() ?? { user: "", password: "" };
  return {
    ...Object.fromEntries(kept),
    LC_ALL: "C",
    GIT_TERMINAL_PROMPT: "0",
    GIT_ASKPASS: "",
    SSH_ASKPASS: "",
    GCM_INTERACTIVE: "never",
    GIT_LFS_SKIP_SMUDGE: "1",
    GIT_SSH_COMMAND: env["GIT_SSH_COMMAND"] ?? "ssh -o BatchMode=yes",
    GIT_ALLOW_PROTOCOL: protocols.join(":"),
    GIT_CONFIG_COUNT: String(config.length),
    ...Object.fromEntries(
      config.flatMap(([name, value], index) => [
        [`GIT_CONFIG_KEY_${index}`, name],
        [`GIT_CONFIG_VALUE_${index}`, value],
      ]),
    ),
    ...(login === undefined ? {} : { DRAWBAR_GIT_USER: user, DRAWBAR_GIT_PASSWORD: password }),
  };
}
