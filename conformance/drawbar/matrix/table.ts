import type { Direction, Release, Transport } from "./capabilities.ts";
import { type Capability, capabilities, capabilityNames, releases } from "./capabilities.ts";
import { type PeerLimit, peerLimits } from "./peer-limits.ts";

/** Why a peer lacks a capability, if it does. */
export function limitOf(
  capability: Capability,
  transport: Transport,
  direction: Direction,
  release: Release,
): PeerLimit | undefined {
  return peerLimits.find(
    (limit) =>
      limit.capability === capability &&
      (limit.transport ?? transport) === transport &&
      (limit.direction ?? direction) === direction &&
      (limit.releases ?? releases).includes(release),
  );
}

/** What was found of each capability with each release: it passes, or how a peer is known to lack it. */
export type Findings = ReadonlyMap<string, PeerLimit | "passes">;

export function cellKey(capability: Capability, release: Release): string {
  return `${capability} ${release}`;
}

/** The findings as a Markdown table with its footnotes. Throws for a cell without a finding. */
export function markdownTable(findings: Findings): string {
  const reasons: string[] = [];
  const cell = (capability: Capability, release: Release): string => {
    const found = findings.get(cellKey(capability, release));
    if (found === undefined) throw new Error(`nothing was found of "${capability}" with ${release}`);
    if (found === "passes") return found;
    if (!reasons.includes(found.reason)) reasons.push(found.reason);
    return `peer lacks it (${reasons.indexOf(found.reason) + 1})`;
  };
  const rows = [
    ["", ...releases],
    ...capabilityNames.map((name) => [capabilities[name], ...releases.map((release) => cell(name, release))]),
  ];
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? "").length)),
  );
  const lines = rows.map((row) => `| ${row.map((text, at) => text.padEnd(widths[at] ?? 0)).join(" | ")} |`);
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  const notes = reasons.map((reason, index) => `${index + 1}. ${reason}`);
  return [lines[0], rule, ...lines.slice(1), ...(notes.length > 0 ? ["", ...notes] : [])].join("\n");
}
