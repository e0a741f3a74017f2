// What `npm run bench` runs with the options that it has checked: prints a table; with --json, a line of JSON last.
import { parseArgs } from "node:util";
import { contenderCommands } from "./contenders.ts";
import { fullEffort, quickEffort } from "./effort.ts";
import { measurements } from "./measurements.ts";
import { questions } from "./questions.ts";
import { measureRatios } from "./ratios.ts";
import { type Figure, json, machine, ratioFigure, table } from "./report.ts";

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
for (const { names, measure } of measurements(effort)) {
  if (names.some(wanted)) figures.push(...(await measure()));
}
process.stdout.write(`${machine()}\n${table(figures)}\n`);
if (options.json) process.stdout.write(`${json(figures)}\n`);
