import { type Effort, fullEffort, quickEffort } from "./effort.ts";
import { measureGrowth } from "./growth.ts";
import { measureInstall } from "./install-speed.ts";
import { measureLaunch } from "./launch.ts";
import { questions } from "./questions.ts";
import { type Figure, growthFigure, installFigure, launchFigures, leafFigure } from "./report.ts";
import { measureLeafRates } from "./x509-leaf.ts";

/** Some figures that are measured together, and not against a contender. */
export interface Measurement {
  readonly names: readonly string[];
  readonly measure: () => Promise<readonly Figure[]>;
}

/** What is measured besides the questions, in the order of the table. */
export function measurements(effort: Effort): readonly Measurement[] {
  return [
    {
      names: [
        "launch.minus_node_ms",
        "launch_mtls.minus_node_ms",
        "launch_built.minus_node_ms",
        "launch_untrained.minus_node_ms",
        "launch_uncompiled.minus_node_ms",
        "build.file_kb",
        "memory.idle_plugin_mb",
      ],
      measure: async () => launchFigures(await measureLaunch(effort.launches)),
    },
    ...growthMeasurements(effort),
    {
      names: ["x509.leaf_vs_openssl_sign"],
      measure: async () => [leafFigure(measureLeafRates(effort.calls))],
    },
    {
      names: ["install.mbps_vs_curl"],
      measure: async () => [installFigure(await measureInstall(effort.archiveBytes, effort.rounds))],
    },
  ];
}

function growthMeasurements({ growth }: Effort): readonly Measurement[] {
  if (growth === undefined) return [];
  const kinds = [
    ["memory.growth_1e6_calls_mb", "calls", growth.calls],
    ["memory.growth_1e4_broker_mb", "broker", growth.connections],
  ] as const;
  return kinds.map(([name, kind, count]) => ({
    names: [name],
    measure: async () => [growthFigure(name, await measureGrowth(kind, count))],
  }));
}

/** The names of all figures of a run, in the order of the table. */
export function figureNames(quick: boolean): readonly string[] {
  const others = measurements(quick ? quickEffort : fullEffort).flatMap(({ names }) => names);
  return [...questions.map(({ name }) => name), ...others];
}
