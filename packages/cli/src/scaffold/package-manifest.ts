import { ownVersion } from "../package-root.ts";
import type { LocalPackage } from "./local-packages.ts";
import type { Project } from "./project.ts";

// What the templates were tried with.
const versions = { "@bufbuild/protobuf": "^2.17.0", "@types/node": "^20.19.0", typescript: "^7.0.2" };

/** The package.json of a new project, whose packages of drawbar may be in its folder. */
export function packageManifest({ name, kind, transport }: Project, local: readonly LocalPackage[]): object {
  const entries = {
    plugin: ["src/plugin.ts"],
    host: ["src/host.ts"],
    both: ["src/plugin.ts", "src/host.ts"],
  };
  const own = [
    "drawbar",
    ...(transport === "netrpc" ? ["@drawbar/gob", "@drawbar/netrpc"] : []),
    // It finds plugins by name.
    ...(kind === "plugin" ? [] : ["@drawbar/install"]),
  ];
  const ofDrawbar = new Map(local.map((one) => [one.name, `file:${one.path}`]));
  const source = (wanted: string): [string, string] => [wanted, ofDrawbar.get(wanted) ?? `^${ownVersion()}`];
  // What these depend on in turn is not in the registry either.
  const others = [...ofDrawbar].filter(([one]) => !own.includes(one) && one !== "@drawbar/cli");
  return {
    name,
    version: "0.1.0",
    private: true,
    type: "module",
    engines: { node: ">=20.19" },
    scripts: {
      build: `drawbar build ${entries[kind].join(" ")}`,
      test: "tsc && node --test build/test/*.test.js",
      ...(kind === "host" ? {} : { dev: "drawbar dev src/plugin.ts" }),
      ...(kind === "both" ? { start: `npm run build && dist/host dist/${name}` } : {}),
      ...(transport === "grpc"
        ? { generate: "npx --yes --package=@bufbuild/buf --package=@bufbuild/protoc-gen-es buf generate" }
        : {}),
    },
    dependencies: {
      ...(transport === "grpc" ? { "@bufbuild/protobuf": versions["@bufbuild/protobuf"] } : {}),
      ...Object.fromEntries(own.sort().map(source)),
    },
    devDependencies: {
      ...Object.fromEntries([source("@drawbar/cli"), ...others]),
      "@types/node": versions["@types/node"],
      typescript: versions.typescript,
    },
  };
}
