import { createPaint, type Paint } from "../../report/paint.ts";
import type { DoctorView, Finding } from "../doctor/index.ts";
import { count } from "./table.ts";

/** Every finding in a line, what is wrong with what was expected, seen and to do. */
export function renderDoctor(view: DoctorView, paint: Paint = createPaint(false)): string {
  const lines: string[] = [];
  for (const { host, findings } of view.hosts) {
    lines.push(paint.bold(host));
    for (const one of findings) lines.push(...shown(one, paint));
  }
  const all = view.hosts.flatMap(({ findings }) => findings);
  const of = (level: Finding["level"]) => all.filter((one) => one.level === level).length;
  lines.push(
    `${view.environment}: ${count(of("error"), "error")}, ${count(of("warning"), "warning")}, ${of("unknown")} not known, ${of("ok")} in order`,
  );
  return `${lines.join("\n")}\n`;
}

function shown({ id, level, message, expected, seen, fix }: Finding, paint: Paint): string[] {
  const mark = { ok: paint.good("✓"), warning: paint.warn("!"), error: paint.bad("✗"), unknown: "?" }[level];
  const head = `  ${mark} ${id.padEnd(12)} ${message}`;
  const rows = [
    expected === null ? null : `expected: ${expected}`,
    seen === null ? null : `seen: ${seen}`,
    fix === null ? null : `what to do: ${fix}`,
  ];
  return [head, ...rows.flatMap((row) => (row === null ? [] : [`      ${row}`]))];
}
