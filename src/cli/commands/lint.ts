import { type DeployError, ExitCode, usageError } from "../../errors.ts";
import { lintAnnotations } from "../../lint/annotations.ts";
import { loadLint } from "../../lint/load.ts";
import { folderSubject, verdictError } from "../../release/lint.ts";
import { writeSarif } from "../../release/sarif-file.ts";
import { jsonText } from "../../report/json-text.ts";
import { clipped, visibleLine } from "../../report/visible.ts";
import { version } from "../../version.ts";
import { defineCommand } from "../command.ts";
import { runBaseline } from "../lint/baseline.ts";
import { runFix } from "../lint/fix.ts";
import { localConfig } from "../local.ts";
import { usesColor } from "../reporter/index.ts";
import { safeOutput } from "../safe.ts";
import { sarifOption } from "../sarif.ts";
import { givenValues } from "../values.ts";

export const lintCommand = defineCommand({
  name: "lint",
  summary: "judge the production settings without running the project",
  usage: "[ENV] [options]",
  example:
    "djdeploy lint\ndjdeploy lint --settings mysite.settings.production --fail-level warning\ndjdeploy lint --explain-value SECURE_SSL_REDIRECT\ndjdeploy lint --fix\ndjdeploy lint --baseline",
  about:
    "Reads the settings as they lie in the folder, committed or not. Only findings that are certain block.\n" +
    "Where nothing could be judged (the settings do not load as far as they can be followed, or all of them come from\n" +
    "elsewhere) it says `not judged`, why and what to do, and ends with 3; a deploy goes on to the live check.\n" +
    "djdeploy explain ID tells what a finding means.\n\n" +
    "--explain-value SETTING names the statement that decided a value, in each environment, and what led there: imports,\n" +
    "branches, the variables with their defaults and casts. It ends with 0, whatever the findings are.\n\n" +
    "--baseline is for projects that adopt the lint late: what is certain today goes into lint.ignore of djdeploy.yml,\n" +
    "each id once, with the date; comments and the rest of the file stay. What a variable decides blocks nothing and is\n" +
    "left in, so that it shows when it becomes certain. Entries that ignore nothing any more are reported.\n\n" +
    "--fix answers what is mechanical and certain: HSTS, redirect and cookie settings in the project's own way of\n" +
    "reading the environment (only where tls is not none), a cast for DEBUG read as a text, blanks around hosts,\n" +
    "STORAGES in the place of what Django no longer reads, DEFAULT_AUTO_FIELD. Each change is judged in memory before\n" +
    "anything is written: the file still parses, the finding is gone (or left to a variable that is safe while unset),\n" +
    "no other came, no other setting has another value; else it is dropped, and said. Without a terminal and without\n" +
    "--yes nothing is written. Generated files, packages copied in, links and files that are not UTF-8 are left.",
  options: {
    settings: { value: "MODULE", help: "the settings module (default: detected)" },
    "fail-level": {
      value: "LEVEL",
      choices: ["error", "warning", "info", "never"],
      help: "end with exit code 3 at or above it (default: lint.fail-level, error)",
    },
    format: {
      value: "FORMAT",
      choices: ["pretty", "json", "github", "sarif"],
      help: "pretty for people, json for scripts, github for annotations",
    },
    "sarif-file": sarifOption,
    all: { help: "every finding in full" },
    "explain-value": { value: "SETTING", help: "which statement decides a setting, and the way there" },
    fix: {
      help: "make the mechanical changes: shown first, written when agreed to or with --yes",
    },
    baseline: { help: "ignore today's certain findings in djdeploy.yml, with the date as the reason" },
    "dry-run": { help: "with --fix or --baseline: show the changes, write nothing" },
  },
  async run(invocation) {
    const { io, common, options } = invocation;
    // First: whatever goes wrong after it is shown without them.
    const values = await givenValues(io, common);
    const safe = safeOutput(io);
    const loaded = await localConfig(invocation);
    const failLevel = options["fail-level"] ?? loaded.lint.failLevel;
    const config = { ...loaded, lint: { ...loaded.lint, failLevel } };
    const { explainValue, lint, lintToSarif, renderLint, renderValue } = await loadLint();
    const subject = await folderSubject(config, { values, settings: options.settings });
    if (options["explain-value"] !== null) {
      const explained = safe.data(explainValue(subject.input, options["explain-value"]));
      if (explained.from === "nobody") throw unknownSetting(explained.setting);
      io.stdout.write(
        options.format === "json" ? `${jsonText(explained)}\n` : safe.text(renderValue(explained)),
      );
      return ExitCode.done;
    }
    const linted = { result: safe.data(lint(subject.input)), files: subject.input.files };
    const file = options["sarif-file"];
    if (file !== null) await writeSarif({ folder: io.cwd, file }, linted.result, safe.redact);
    const asked = { io, common, config, dryRun: options["dry-run"], json: options.format === "json" };
    if (options.fix && options.baseline)
      throw usageError("usage.option", "--fix and --baseline exclude each other: fix first");
    if (options.fix) return runFix(subject, linted.result, asked);
    if (options.baseline) return runBaseline(subject, linted.result, asked);
    if (options["dry-run"])
      throw usageError("usage.option", "--dry-run goes with --fix or --baseline: lint alone writes nothing");
    const error = verdictError(config, linted.result);
    if (options.format === "json") io.stdout.write(`${jsonText(linted.result)}\n`);
    else if (options.format === "sarif")
      io.stdout.write(`${jsonText(lintToSarif(linted.result, version))}\n`);
    else {
      const color = usesColor(io, common, io.stdout);
      const shown = { color, all: options.all, failLevel, files: linted.files };
      io.stdout.write(safe.text(renderLint(linted.result, shown), { color }));
      if (options.format === "github") io.stdout.write(lintAnnotations(linted.result.findings).join(""));
    }
    return error?.exitCode ?? ExitCode.done;
  },
});

function unknownSetting(name: string): DeployError {
  return usageError(
    "usage.setting",
    `${visibleLine(clipped(name, 80))} is set nowhere, and Django has no such setting`,
    {
      hint: "names of settings are upper case; djdeploy lint --format json lists those that are set",
    },
  );
}
