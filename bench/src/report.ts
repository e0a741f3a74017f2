import { cpus } from "node:os";
import type { Growth } from "./growth.ts";
import type { InstallFigures } from "./install-speed.ts";
import type { LaunchFigures } from "./launch.ts";
import type { Mode } from "./questions.ts";
import type { Ratio } from "./ratios.ts";
import type { LeafRates } from "./x509-leaf.ts";

/** A figure of the table: its value, what it was made of, and what it should be. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly from: string;
  readonly target: string;
  readonly reached: boolean | undefined;
}

const units: Readonly<Record<Mode, string>> = {
  p50: "µs",
  rps: "calls/s",
  server_stream: "MB/s",
  client_stream: "MB/s",
  encode: "values/s",
  decode: "values/s",
};

/** The ratio as a figure, with the absolute medians that it was made of. */
export function ratioFigure({ question, ratio, ours, peer }: Ratio): Figure {
  const lower = question.mode === "p50";
  const unit = units[question.mode];
  const { target } = question;
  return {
    name: question.name,
    value: ratio,
    from: `${ours.toFixed(0)} / ${peer.toFixed(0)} ${unit}`,
    target: target === undefined ? "" : `${lower ? "<=" : ">="} ${target}`,
    reached: target === undefined ? undefined : lower ? ratio <= target : ratio >= target,
  };
}

/** What a launch costs, and what is launched, as figures. */
export function launchFigures(launch: LaunchFigures): readonly Figure[] {
  const { fileKb } = launch;
  const most = (name: string, value: number, limit: number): Figure => {
    return { name, value, from: "ms", target: `<= ${limit}`, reached: value <= limit };
  };
  const plain = (name: string, value: number, from: string): Figure => {
    return { name, value, from, target: "", reached: undefined };
  };
  const others = `kB; ${fileKb.untrained.toFixed(0)} untrained, ${fileKb.uncompiled.toFixed(0)} without compiled code`;
  return [
    most("launch.minus_node_ms", launch.minusNodeMs, 60),
    most("launch_mtls.minus_node_ms", launch.mtlsMinusNodeMs, 80),
    // What the first of these figures is of, under the name and with the target that a built file's launch has.
    most("launch_built.minus_node_ms", launch.minusNodeMs, 30),
    plain("launch_untrained.minus_node_ms", launch.untrainedMinusNodeMs, "ms"),
    plain("launch_uncompiled.minus_node_ms", launch.uncompiledMinusNodeMs, "ms"),
    plain("build.file_kb", fileKb.trained, others),
    plain("memory.idle_plugin_mb", launch.idlePluginMb, "MB"),
  ];
}

/**
 * What host and plugin together have kept, as a figure. A side that shrank counts as one that held still. Resident
 * memory is told beside it: it also holds what the collector has not given back.
 */
export function growthFigure(name: string, { host, plugin }: Growth): Figure {
  const mb = (bytes: number): string => (bytes / 1e6).toFixed(1);
  const value = (Math.max(0, host.used) + Math.max(0, plugin.used)) / 1e6;
  const resident = `${mb(host.resident)} + ${mb(plugin.resident)} resident`;
  return {
    name,
    value,
    from: `${mb(host.used)} + ${mb(plugin.used)} MB, ${resident}`,
    target: "< 10",
    reached: value < 10,
  };
}

/** How fast leaf certificates are made, as a figure. */
export function leafFigure({ leafsPerSecond, signaturesPerSecond, ratio }: LeafRates): Figure {
  return {
    name: "x509.leaf_vs_openssl_sign",
    value: ratio,
    from: `${leafsPerSecond.toFixed(0)} / ${signaturesPerSecond.toFixed(0)} a second`,
    target: ">= 0.5",
    reached: ratio >= 0.5,
  };
}

/** How fast a plugin is fetched, verified and unpacked, as a figure. */
export function installFigure({ oursMbps, curlMbps, ratio }: InstallFigures): Figure {
  return {
    name: "install.mbps_vs_curl",
    value: ratio,
    from: `${oursMbps.toFixed(0)} / ${curlMbps.toFixed(0)} MB/s`,
    target: "",
    reached: undefined,
  };
}

/** The figures as an aligned table. */
export function table(figures: readonly Figure[]): string {
  const rows = figures.map(({ name, value, from, target, reached }) => [
    name,
    value.toFixed(2),
    from,
    target,
    reached === undefined ? "" : reached ? "reached" : "missed",
  ]);
  const all = [["figure", "value", "from", "target", ""], ...rows];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...all.map((row) => (row[column] ?? "").length)));
  return all
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** The machine and the versions that the figures belong to. */
export function machine(): string {
  const processors = cpus();
  return `${processors.length} x ${processors[0]?.model ?? "?"}, ${process.platform}, node ${process.version}`;
}

/** One line of JSON: each figure under its name. */
export function json(figures: readonly Figure[]): string {
  const values = Object.fromEntries(figures.map(({ name, value }) => [name, Number(value.toFixed(3))]));
  return JSON.stringify({ machine: machine(), ...values });
}
