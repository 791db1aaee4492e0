import { contestants } from "./contestants/index.ts";
import { type Spread, spread } from "./figures/statistics.ts";
import type { DeployRow, Measured } from "./record.ts";

/** A markdown table; cells of a column are as they come. */
export function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), `|${"---|".repeat(head.length)}`, ...rows.map(line)].join("\n");
}

export const seconds = (ms: number) => `${(ms / 1000).toFixed(2)} s`;
export const kilobytes = (bytes: number) => `${(bytes / 1000).toFixed(1)} KB`;
const between = ({ min, max }: Spread, of: (n: number) => string) => `${of(min)} – ${of(max)}`;

/** Of one contestant at one delay; null where it was not measured. */
export function spreadOf(
  rows: DeployRow[] | undefined,
  contestant: string,
  roundTripMs: number,
  of: (row: DeployRow) => number = ({ ms }) => ms,
): Spread | null {
  const those = (rows ?? []).filter(
    (row) => row.contestant === contestant && row.roundTripMs === roundTripMs,
  );
  return those.length > 0 ? spread(those.map(of)) : null;
}

/** How many times a deploy waits for the line, from what the longest measured delay adds. */
export function roundTrips(rows: DeployRow[] | undefined, contestant: string): number | null {
  const longest = Math.max(0, ...(rows ?? []).map((row) => row.roundTripMs));
  const [near, far] = [spreadOf(rows, contestant, 0), spreadOf(rows, contestant, longest)];
  return near && far && longest > 0 ? (far.median - near.median) / longest : null;
}

export function wallTable({ deploys, absent }: Measured): string {
  const ours = spreadOf(deploys, "a", 0);
  const rows = contestants.flatMap(({ id, name }) => {
    const lacking = absent?.[id];
    if (lacking) return [[name, `not measured: ${lacking}`, "", "", ""]];
    const it = spreadOf(deploys, id, 0);
    if (!it) return [];
    const share = ours && id !== "a" ? (ours.median / it.median).toFixed(2) : "";
    return [[name, seconds(it.median), between(it, seconds), share, String(it.n)]];
  });
  return table(["", "median", "min – max", "djdeploy takes, of it", "deploys"], rows);
}

export function lineTable({ deploys, absent }: Measured): string {
  const delays = [...new Set((deploys ?? []).map((row) => row.roundTripMs))].sort((a, b) => a - b);
  const rows = contestants.flatMap(({ id, name, compared }) => {
    if (!compared || absent?.[id]) return [];
    const sent = spreadOf(deploys, id, 0, (row) => row.sent);
    const received = spreadOf(deploys, id, 0, (row) => row.received);
    const connections = spreadOf(deploys, id, 0, (row) => row.connections);
    if (!sent || !received || !connections) return [];
    const times = delays.map((delay) => {
      const it = spreadOf(deploys, id, delay);
      return it ? seconds(it.median) : "";
    });
    const trips = roundTrips(deploys, id);
    return [
      [
        name,
        kilobytes(sent.median),
        kilobytes(received.median),
        String(connections.median),
        ...times,
        trips === null ? "" : trips.toFixed(1),
      ],
    ];
  });
  const heads = delays.map((delay) => `+${delay} ms`);
  return table(["", "sent", "received", "connections", ...heads, "round trips"], rows);
}

export function loadTable({ loads }: Measured): string {
  const rows = (loads ?? []).map((row) => [
    nameOf(row.contestant),
    `${row.lost} of ${row.sent}${row.kinds ? ` (${row.kinds})` : ""}`,
    `${row.slowestMs} ms`,
    `${row.restMs} ms`,
  ]);
  return table(["", "requests lost", "slowest", "slowest at rest"], rows);
}

export function fleetTable({ fleet }: Measured): string {
  const sizes = [...new Set((fleet ?? []).map((row) => row.hosts))].sort((a, b) => a - b);
  const of = (size: number) => spread((fleet ?? []).filter((row) => row.hosts === size).map(({ ms }) => ms));
  const one = sizes.length > 0 ? of(sizes[0]!) : null;
  const rows = sizes.map((size) => {
    const it = of(size);
    const growth = one ? (it.median / one.median).toFixed(2) : "";
    return [String(size), seconds(it.median), between(it, seconds), growth, String(it.n)];
  });
  return table(["hosts", "median", "min – max", "times one host", "deploys"], rows);
}

export function manyTable({ rows }: NonNullable<Measured["many"]>): string {
  const sizes = [...new Set(rows.map(({ hosts }) => hosts))].sort((a, b) => a - b);
  const lines = sizes.map((size) => {
    const those = rows.filter(({ hosts }) => hosts === size);
    const it = spread(those.map(({ ms }) => ms));
    const peak = spread(those.map(({ peakMb }) => peakMb)).max;
    const processor = spread(those.map(({ cpuMs }) => cpuMs)).median;
    return [
      String(size),
      seconds(it.median),
      between(it, seconds),
      seconds(processor),
      `${Math.round(peak)} MB`,
      String(it.n),
    ];
  });
  return table(
    ["hosts", "median", "min – max", "processor of the runner", "its peak memory", "deploys"],
    lines,
  );
}

/** Where the time of ours goes: the median of each step, and what no step accounts for. */
export function stepTable({ deploys }: Measured): string {
  const rows = (deploys ?? []).filter((row) => row.contestant === "a" && row.roundTripMs === 0 && row.steps);
  if (rows.length === 0) return "";
  const names = [...new Set(rows.flatMap(({ steps }) => steps?.map(({ step }) => step) ?? []))];
  const sumOf = (row: DeployRow, name?: string) =>
    (row.steps ?? []).reduce((sum, { step, ms }) => sum + (!name || step === name ? ms : 0), 0);
  const median = (of: (row: DeployRow) => number) => spread(rows.map(of)).median;
  const lines = names.map((name) => [name, String(median((row) => sumOf(row, name)))]);
  lines.push(["in the run, in no step", String(median((row) => (row.reportedMs ?? 0) - sumOf(row)))]);
  lines.push(["starting and ending Node.js", String(median((row) => row.ms - (row.reportedMs ?? 0)))]);
  lines.push(["all", String(median((row) => row.ms))]);
  return table(["step", "median, ms"], lines);
}

export function nameOf(id: string): string {
  return contestants.find((one) => one.id === id)?.name ?? id;
}
