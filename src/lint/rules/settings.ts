import { not, possible, support } from "../../python/logic/decide.ts";
import type { Value } from "../../python/logic/values.ts";
import { TRUE } from "../../python/logic/values.ts";
import { toText } from "../../python/objects/text.ts";
import type { Judge } from "../judge.ts";
import type { Check, Rule } from "../rule.ts";
import { isOwn, unsetEdge } from "../verdict.ts";

/** Families F and E: settings that do not load, and variables that they need. */
export const settingsRules: Rule[] = [
  {
    id: "djdeploy.settings-not-found",
    level: "error",
    title: "The settings module is not in the repository",
    why: "Django cannot start with settings that it does not find.",
    fix: "Name the right module in djdeploy.yml under django.settings, or with --settings.",
    check: (j) =>
      j.evaluation.file === null
        ? [
            {
              when: TRUE,
              everywhere: true,
              message: `the settings module ${j.input.settingsModule} is not in the repository`,
              hint: "name the module in djdeploy.yml: django: {settings: …}",
            },
          ]
        : [],
  },
  {
    id: "djdeploy.settings-syntax",
    level: "error",
    title: "A settings file is no valid Python",
    why: "Django cannot start.",
    fix: "Correct the line; what could be read of the rest is judged all the same.",
    check: (j) =>
      j.evaluation.problems.map((p) => ({
        when: TRUE,
        everywhere: true,
        message: `not valid Python: ${p.message}${looksOld(j, p) ? " (this looks like Python 2)" : ""}`,
        place: { t: "place", file: p.file, line: p.line, column: p.column },
      })),
  },
  {
    id: "djdeploy.settings-encoding",
    level: "error",
    title: "A settings file is in an encoding that Python does not expect",
    why: "Django cannot start: without a coding line Python reads UTF-8.",
    fix: "Save the file as UTF-8, or say its encoding in the first line: # -*- coding: latin-1 -*-.",
    docs: "https://docs.python.org/3/reference/lexical_analysis.html#encoding-declarations",
    check: notUtf8,
  },
  {
    id: "djdeploy.settings-fail",
    level: "error",
    title: "The settings do not load",
    why: "Django cannot start.",
    fix: "Correct what raises the exception.",
    check: (j) => (possible(j.evaluation.alive) ? [] : fatal(j)),
  },
  {
    id: "djdeploy.settings-need-variable",
    level: "error",
    title: "The settings do not load without a variable",
    why: "Django cannot start while it is not set, or set to a value that cannot be read.",
    fix: "Name it in djdeploy.yml under env.secrets or env.vars, and give it a value.",
    check: (j) => (possible(j.evaluation.alive) ? conditional(j) : []),
  },
];

/** `print "text"`, `except Error, name:`, `exec code`, a number such as 0755. */
function looksOld(j: Judge, { file, line }: Judge["evaluation"]["problems"][number]): boolean {
  const text = j.evaluation.parsed.get(file)?.lines[line - 1] ?? "";
  return /^\s*(print|exec)\s+["'\w]|^\s*except\s+[\w.]+\s*,\s*\w+\s*:|\b0[0-7]{2,}\b/.test(text);
}

/** Python reads UTF-8 unless a coding line says otherwise; what is not is read with replacement characters here. */
function notUtf8(j: Judge): Check[] {
  return j.evaluation.files.flatMap((file) => {
    const lines = j.evaluation.parsed.get(file)?.lines ?? [];
    if (lines.slice(0, 2).some((line) => /^[ \t\f]*#.*?coding[:=][ \t]*[-\w.]+/.test(line))) return [];
    const at = lines.findIndex((line) => line.includes("\uFFFD"));
    if (at < 0) return [];
    return [
      {
        when: TRUE,
        everywhere: true,
        message: `${file} is not UTF-8 and has no coding line: Python does not read it`,
        place: { t: "place", file, line: at + 1, column: 1 },
        unsure: "the line may hold a replacement character on purpose",
      },
    ];
  });
}

/** Files that only the host has may be what is missing; then nothing is certain. */
function fatal(j: Judge): Check[] {
  // What ended the last worlds that were left; the earlier ones needed a variable.
  const first = j.evaluation.deaths.at(-1);
  if (!first) return [];
  return [
    {
      when: not(j.evaluation.alive),
      everywhere: true,
      message: `the settings do not load: ${errorText(j, first)}`,
      place: first.place,
      ...doubt(j, first),
    },
  ];
}

function doubt(j: Judge, death: Judge["evaluation"]["deaths"][number]): { unsure?: string } {
  if (!death.plain) return { unsure: "seen by reading the project, not by running it" };
  const file = j.evaluation.notes
    .find(({ kind }) => kind === "absent-file")
    ?.what.split("/")
    .at(-1);
  return file ? { unsure: `${file} is not in git, and may be on the host` } : {};
}

function conditional(j: Judge): Check[] {
  const seen = new Set<string>();
  const checks: Check[] = [];
  for (const death of j.evaluation.deaths) {
    const names = [...support(death.when)].flatMap((at) => {
      const v = j.evaluation.variables[at];
      return v?.kind === "env" ? [v.name] : [];
    });
    const key = `${names.join(",")} ${death.place.file}:${death.place.line}`;
    if (names.length === 0 || seen.has(key)) continue;
    seen.add(key);
    const unset = required(j, death.when);
    checks.push({
      when: death.when,
      everywhere: true,
      whole: true,
      // That a number cannot be read from junk is how it should be.
      ...(unset ? {} : { level: "info" }),
      message: `the settings do not load ${unset ? `while ${names.join(" and ")} is not set` : `for some values of ${names.join(" and ")}`}: ${errorText(j, death)}`,
      hint: `give ${names.join(" and ")} a value under env.secrets or env.vars`,
      place: death.place,
    });
  }
  return checks;
}

/** Is it the unset variable that raises? */
function required(j: Judge, when: Value): boolean {
  const edge = when.t === "choice" ? unsetEdge(j.evaluation, when) : undefined;
  return edge !== undefined && possible(edge.to);
}

function errorText(j: Judge, death: Judge["evaluation"]["deaths"][number]): string {
  const text = death.error.message ? toText(j.m, death.error.message) : null;
  // What an exception says of a text that was only tried is nobody's.
  const told = text?.t === "str" && text.v !== "" && isOwn(j.evaluation, death.when);
  return `${death.error.cls.name}${told ? `: ${text.v.split("\n")[0]}` : ""}`;
}
