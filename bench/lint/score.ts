import type { Finding, LintResult } from "../../src/lint/types.ts";
import type { Subject, Truth } from "./oracle.ts";

export const JUDGED =
  "W001 W002 W003 W004 W005 W006 W008 W009 W010 W011 W012 W013 W014 W015 W016 W018 W019 W020 W021 W022"
    .split(" ")
    .map((n) => `security.${n}`);

/** Which setting an oracle's answer is worthless for, when a stub reached it. */
const ABOUT: Record<string, string> = {
  "security.W009": "SECRET_KEY",
  "security.W018": "DEBUG",
  "security.W020": "ALLOWED_HOSTS",
  "security.W004": "SECURE_HSTS_SECONDS",
  "security.W008": "SECURE_SSL_REDIRECT",
};

export interface Comparison {
  subject: Subject;
  id: string;
  verdict: string;
  auto: boolean;
  prod: boolean;
  /** `missed`: passed although it is raised; `false`: certain although it is not always. */
  kind: "right" | "missed" | "false" | "unset-differs" | "unknown";
  message: string;
}

/** id → our finding. An id that another finding explains counts as that one. */
export function verdictsOf(result: LintResult): Map<string, Finding> {
  const found = new Map<string, Finding>();
  for (const f of result.findings) for (const id of [f.id, ...f.also]) if (!found.has(id)) found.set(id, f);
  return found;
}

/** Ids that Django is told to keep quiet about are raised all the same; we list them as suppressed. */
export function silenced(result: LintResult): Set<string> {
  return new Set(result.suppressed.map((s) => s.id));
}

export function compare(
  subject: Subject,
  ours: Map<string, Finding> | null,
  quiet: Set<string>,
  auto: Truth,
  prod: Truth,
  given: Map<string, Finding> | null = null,
): Comparison[] {
  const failed = ours?.get("djdeploy.settings-fail") ?? ours?.get("djdeploy.settings-not-found");
  return JUDGED.filter((id) => !auto.tainted?.includes(ABOUT[id] ?? "") && !quiet.has(id)).map((id) => {
    const f = ours?.get(id) ?? failed;
    const verdict = ours === null ? "crash" : f ? (f === failed ? "settings-fail" : f.certainty) : "pass";
    const [a, p] = [auto.raised?.includes(id) ?? false, prod.raised?.includes(id) ?? false];
    // Without a variable that is required nothing loads: what holds "unset" is what holds with the value that was made up.
    const madeUp = f?.dependsOn.some(
      ({ name, default: fallback }) => fallback === null && name in (auto.env ?? {}),
    );
    const unset = madeUp && given ? given.get(id)?.certainty === "certain" : f?.whenUnset;
    const kind = judge(verdict, unset, a, p);
    return {
      subject,
      id,
      verdict: unset && verdict === "depends" ? `${verdict} (unset)` : verdict,
      auto: a,
      prod: p,
      kind,
      message: f?.message ?? "",
    };
  });
}

function judge(
  verdict: string,
  whenUnset: boolean | undefined,
  auto: boolean,
  prod: boolean,
): Comparison["kind"] {
  switch (verdict) {
    case "pass":
      return auto || prod ? "missed" : "right";
    case "certain":
      return auto && prod ? "right" : "false";
    case "depends":
      // The oracle's automatic mode leaves unset what has a default.
      return whenUnset === auto ? "right" : "unset-differs";
    default:
      return "unknown";
  }
}

/** Per id: how often raised, precision and recall of what we say, and how often we do not know. */
export function printTable(title: string, all: Comparison[]): void {
  process.stdout.write(`\n${title}\n`);
  process.stdout.write("id              raised  precision  recall  depends  unknown  passed-though-raised\n");
  const share = (a: number, b: number): string => (b === 0 ? "  -  " : (a / b).toFixed(3));
  let missed = 0;
  for (const id of JUDGED) {
    const own = all.filter((c) => c.id === id);
    const said = own.filter((c) => c.verdict === "certain" || c.verdict === "depends (unset)");
    const raised = own.filter((c) => c.auto);
    const hits = said.filter((c) => c.auto).length;
    const found = raised.filter(
      (c) => c.verdict !== "pass" && c.kind !== "unset-differs" && c.kind !== "unknown",
    ).length;
    const wrong = own.filter((c) => c.kind === "missed").length;
    missed += wrong;
    const cells = [
      id.padEnd(15),
      String(raised.length).padStart(6),
      share(hits, said.length).padStart(10),
      share(found, raised.length).padStart(7),
      String(own.filter((c) => c.verdict.startsWith("depends")).length).padStart(8),
      share(own.filter((c) => c.kind === "unknown").length, own.length).padStart(8),
      String(wrong).padStart(8),
    ];
    process.stdout.write(`${cells.join(" ")}\n`);
  }
  process.stdout.write(`passed although raised: ${missed}\n`);
}
