import type { Project } from "./project.ts";

/** The README of a new project. */
export function readme({ name, kind, transport }: Project, cookie: string): string {
  const what = { plugin: "A plugin", host: "A host of plugins", both: "A plugin and its host" }[kind];
  const wire = transport === "grpc" ? "gRPC" : "net/rpc";
  const rows: (readonly [command: string, does: string])[] = [
    ["npm install", "installs what it needs"],
    ["npm test", "compiles and tests it"],
    [
      "npm run build",
      `makes ${kind === "host" ? "`dist/host`" : `\`dist/${name}\``}, one file that needs only node`,
    ],
    ...(kind === "both" ? [["npm start", "lets the host run the plugin"] as const] : []),
    ...(kind === "plugin"
      ? []
      : [['dist/host NAME "~> 0.1"', "runs a plugin that `npx drawbar install` has installed"] as const]),
    ...(kind === "host"
      ? []
      : [["npm run dev", "serves it for a debugger, anew after each change"] as const]),
    ...(transport === "grpc"
      ? [["npm run generate", "generates `src/gen/` out of `proto/`, once you have changed that"] as const]
      : []),
  ];
  const look =
    kind === "host"
      ? ""
      : `\nLook at the plugin without a host:\n\n\`\`\`sh\nnpx drawbar info --cookie ${cookie} dist/${name}\n${
          transport === "grpc"
            ? `npx drawbar call --cookie ${cookie} -d '{"name":"Ada"}' Greeter/Greet dist/${name}\n`
            : ""
        }\`\`\`\n`;
  const shared = transport === "grpc" ? "`src/contract.ts` and `proto/` are" : "`src/contract.ts` is";
  const whose = {
    plugin: "a host of this plugin needs the same",
    host: "take the plugin's in place of what is here",
    both: "plugins and hosts elsewhere need the same",
  }[kind];
  const agreed = `\n${shared} what host and plugin agree on: ${whose}.\n`;
  const table = rows.map(([command, does]) => `| \`${command}\` | ${does} |`).join("\n");
  return `# ${name}\n\n${what} over ${wire}, with drawbar.\n\n| command | does |\n| --- | --- |\n${table}\n${agreed}${look}`;
}
