import { spawnSync } from "node:child_process";

/** How a plugin can be set apart from its host on this machine. */
export type Confinement =
  | { readonly kind: "user"; readonly id: number }
  | { readonly kind: "namespace" }
  | { readonly kind: "none" };

// The number of `nobody` on Linux.
const nobody = 65_534;

/** The best that this process may do here. */
export function findConfinement(): Confinement {
  if (process.getuid?.() === 0) return { kind: "user", id: nobody };
  const tried = spawnSync("unshare", ["--user", "--map-root-user", "true"], { stdio: "ignore" });
  return tried.status === 0 ? { kind: "namespace" } : { kind: "none" };
}

/** For people. */
export function describeConfinement(confinement: Confinement): string {
  switch (confinement.kind) {
    case "user":
      return "as another user";
    case "namespace":
      return "in a user namespace of its own";
    case "none":
      return "not set apart (this machine allows neither another user nor a namespace)";
  }
}
