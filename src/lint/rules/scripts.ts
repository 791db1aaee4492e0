import { TRUE } from "../../python/logic/values.ts";
import type { Judge } from "../judge.ts";
import type { Check, Rule } from "../rule.ts";
import { at } from "./secrets.ts";

/** Family W: files that Linux cannot run or read as they are. */
export const scriptRules: Rule[] = [
  {
    id: "djdeploy.script-line-endings",
    level: "warning",
    title: "A script has Windows line endings",
    why: "Linux looks for an interpreter whose name ends in a carriage return, and does not find it. A deploy normalises what it ships, and says so.",
    fix: 'Add "*.sh text eol=lf" to .gitattributes and commit the file again.',
    check: (j) =>
      files(j, SCRIPTS, (text) => /^#!.*\r\n|^[a-z]+:.*\r\n/.test(text), "has Windows line endings"),
  },
  {
    id: "djdeploy.unit-line-endings",
    level: "warning",
    title: "A file that other programs read has Windows line endings",
    why: "systemd, cron and env files take the carriage return for a part of each value.",
    fix: "Commit the file again with Unix line endings (text eol=lf in .gitattributes).",
    check: (j) => files(j, READ_BY_OTHERS, (text) => /\S\r\n/.test(text), "has Windows line endings"),
  },
  {
    id: "djdeploy.script-byte-order-mark",
    level: "warning",
    title: "A script begins with a byte order mark",
    why: "Linux does not see the #! behind it, and starts the script with the wrong interpreter or not at all.",
    fix: "Save the file as UTF-8 without a byte order mark.",
    check: (j) => files(j, SCRIPTS, (text) => text.startsWith("\uFEFF#!"), "begins with a byte order mark"),
  },
  {
    id: "djdeploy.scripts-unguarded",
    level: "info",
    title: "Nothing keeps scripts free of Windows line endings",
    why: "Some of the project's people are on Windows, where git may check scripts out with carriage returns and commit them so.",
    fix: 'Add a line "*.sh text eol=lf" to .gitattributes.',
    docs: "https://git-scm.com/docs/gitattributes#_eol",
    check: unguarded,
  },
];

const SCRIPTS = /\.sh$|(^|\/)(manage\.py|entrypoint|docker-entrypoint|Procfile|crontab)$/;
const READ_BY_OTHERS = /\.(service|socket|timer|env)$|(^|\/)(\.env[\w.-]*|cron(tab)?[\w.-]*)$/;
const LARGEST = 200_000;

function files(j: Judge, names: RegExp, bad: (text: string) => boolean, what: string): Check[] {
  return j.input.files
    .list()
    .filter((f) => names.test(f))
    .filter((f) => {
      const text = j.input.files.read(f) ?? "";
      return text.length <= LARGEST && bad(text);
    })
    .map((f) => ({ when: TRUE, everywhere: true, message: `${f} ${what}`, place: at(f) }));
}

/** Scripts for Windows, or files that came from there, say that somebody works on it. */
const hasWindows = (j: Judge): boolean =>
  j.input.files.list().some((f) => /\.(bat|cmd|ps1)$/.test(f)) ||
  [...j.evaluation.parsed.keys()].some((f) => j.input.files.read(f)?.includes("\r\n"));

function unguarded(j: Judge): Check[] {
  const script = j.input.files.list().find((f) => f.endsWith(".sh"));
  const rules = j.input.files.read(".gitattributes") ?? "";
  // "* text=auto" alone leaves the ending to the machine.
  if (!script || !hasWindows(j) || /^(\*|\*\*|\*\.sh|[^\s#]*\.sh)\s.*\b(eol=lf|-text|binary)\b/m.test(rules))
    return [];
  return [
    {
      when: TRUE,
      everywhere: true,
      message: `no rule of .gitattributes keeps ${script} and other scripts at eol=lf`,
      place: at(script),
    },
  ];
}
