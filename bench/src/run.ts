// npm run bench [-- --quick] [--json] [--only TEXT]: prints a table; with --json, a line of JSON last.
import { parseArgs } from "node:util";
import { contenderCommands } from "./contenders.ts";
import { fullEffort, quickEffort } from "./effort.ts";
import { measureInstall } from "./install-speed.ts";
import { measureLaunch } from "./launch.ts";
import { questions } from "./questions.ts";
import { measureRatios } from "./ratios.ts";
import {
  type Figure,
  installFigure,
  json,
  launchFigures,
  leafFigure,
  machine,
  ratioFigure,
  table,
} from "./report.ts";
import { measureLeafRates } from "./x509-leaf.ts";

const { values: options } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
    only: { type: "string", default: "" },
    go: { type: "string", default: "" },
    consul: { type: "string", default: "" },
  },
});
const effort = options.quick ? quickEffort : fullEffort;
const wanted = (name: string): boolean => name.includes(options.only);

const figures: Figure[] = [];
const asked = questions.filter(({ name }) => wanted(name));
if (asked.length > 0) {
  const ratios = await measureRatios(asked, contenderCommands(options.go, options.consul), effort);
  figures.push(...ratios.map(ratioFigure));
}
if (
  wanted("launch.minus_node_ms") ||
  wanted("launch_mtls.minus_node_ms") ||
  wanted("memory.idle_plugin_mb")
) {
  figures.push(...launchFigures(await measureLaunch(effort.launches)));
}
if (wanted("x509.leaf_vs_openssl_sign")) figures.push(leafFigure(measureLeafRates(effort.calls)));
if (wanted("install.mbps_vs_curl"))
  figures.push(installFigure(await measureInstall(effort.archiveBytes, effort.rounds)));
process.stdout.write(`${machine()}\n${table(figures)}\n`);
if (options.json) process.stdout.write(`${json(figures)}\n`);
