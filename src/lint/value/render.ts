import type { Decision, Spot, ValueExplanation } from "./types.ts";

/** The explanation for people. Ends with a newline. */
export function renderValue(v: ValueExplanation): string {
  const lines = [headline(v)];
  for (const d of v.decisions) lines.push("", ...decisionLines(d));
  if (v.reads.length > 0) lines.push("");
  for (const r of v.reads) {
    const otherwise = r.default === null ? "no default" : `default ${r.default}`;
    const cast = r.cast === null ? "" : `, as ${r.cast}`;
    lines.push(`reads ${r.name} at ${at(r)}: ${otherwise}${cast}`);
  }
  if (v.others.length > 0) lines.push("", "also about it:", ...v.others.map((s) => `  ${at(s)}  ${s.text}`));
  return `${lines.join("\n")}\n`;
}

const at = ({ file, line, column }: Pick<Spot, "file" | "line" | "column">): string =>
  `${file}:${line}:${column}`;

function headline({ setting, value, certainty, reason, assumed, from, reads }: ValueExplanation): string {
  if (from === "nobody") return `${setting} is set nowhere, and Django has no such setting`;
  const shown = `${setting} = ${JSON.stringify(value)}`;
  if (assumed) return `${shown}, because lint.assume in djdeploy.yml says so: the settings do not tell`;
  if (from === "django") return `${shown}: Django's default, nothing in the project sets it`;
  if (certainty === "certain") return `${shown}, whatever the environment says`;
  if (certainty === "unknown")
    return `${setting} is not known without running the project${reason ? `: ${reason}` : ""}`;
  const names = [...new Set(reads.map((r) => r.name))].join(", ");
  if (value === null && names && reads.every((r) => r.default === null))
    return `${setting} is what ${names} says, which has to be set`;
  return `${shown} while nothing is set; it depends on ${names || "the environment"}`;
}

function decisionLines({ when, chain, text, ...spot }: Decision): string[] {
  const words = when === null ? "" : /^(?:for some|it is not)/.test(when) ? `, ${when}` : `, when ${when}`;
  const lines = [`decided at ${at(spot)}${words}`];
  for (const link of chain)
    lines.push(
      `  ${link.kind === "branch" ? "in" : "by"} ${at(link)}  ${link.text}${link.part ? `  (its ${link.part})` : ""}`,
    );
  lines.push(`  ${String(spot.line).padStart(5)} | ${text}`);
  return lines;
}
