import { spread } from "./figures/statistics.ts";
import type { Measured } from "./record.ts";
import { kilobytes, roundTrips, seconds, spreadOf, table } from "./tables.ts";

interface Aim {
  what: string;
  most: number;
  seen: number | null;
  text: (n: number) => string;
}

const ratio = (n: number) => n.toFixed(2);
const median = (numbers: number[] | undefined) => (numbers?.length ? spread(numbers).median : null);

/** What the project wants to be, against what was measured. */
export function aims(all: Measured): Aim[] {
  const { deploys, loads, rollbacks, large, many } = all;
  const ours = spreadOf(deploys, "a", 0)?.median ?? null;
  const of = (id: string) => {
    const other = spreadOf(deploys, id, 0)?.median;
    return ours !== null && other ? ours / other : null;
  };
  const timeOf = (hosts: number) =>
    median(many?.rows.filter((row) => row.hosts === hosts).map(({ ms }) => ms));
  const [hundred, thousand] = [timeOf(100), timeOf(1000)];
  return [
    { what: "time, of the one ssh session by hand", most: 1.1, seen: of("b"), text: ratio },
    { what: "time, of the classic sequence", most: 0.65, seen: of("c"), text: ratio },
    { what: "time, of Ansible", most: 0.35, seen: of("e"), text: ratio },
    { what: "round trips", most: 15, seen: roundTrips(deploys, "a"), text: (n) => n.toFixed(1) },
    {
      what: "sent for one line of 50 MB",
      most: 20_000,
      seen: median(large?.rows.map(({ sent }) => sent)),
      text: kilobytes,
    },
    { what: "rollback", most: 1500, seen: median(rollbacks?.map(({ ms }) => ms)), text: seconds },
    {
      what: "requests lost during a deploy",
      most: 0,
      seen: loads?.find(({ contestant }) => contestant === "a")?.lost ?? null,
      text: String,
    },
    {
      what: "memory of the runner with 1 000 hosts",
      most: 300,
      seen: many ? Math.max(...many.rows.map(({ peakMb }) => peakMb)) : null,
      text: (n) => `${Math.round(n)} MB`,
    },
    {
      what: "time of 1 000 hosts, of ten times 100",
      most: 1.2,
      seen: hundred && thousand ? thousand / (10 * hundred) : null,
      text: ratio,
    },
  ];
}

export function aimTable(all: Measured): string {
  const rows = aims(all).map(({ what, most, seen, text }) => [
    what,
    `≤ ${text(most)}`,
    seen === null ? "not measured" : text(seen),
    seen === null ? "" : seen <= most ? "yes" : "**no**",
  ]);
  return table(["", "aim", "measured", "met"], rows);
}
