import { ExitCode } from "../../errors.ts";
import { lintAnnotations } from "../../lint/annotations.ts";
import { lintToJson, lintToSarif, renderLint } from "../../lint/index.ts";
import { lintError, lintFolder } from "../../release/lint.ts";
import { version } from "../../version.ts";
import { defineCommand } from "../command.ts";
import { localConfig } from "../local.ts";
import { usesColor } from "../reporter/index.ts";
import { givenValues } from "../values.ts";

export const lintCommand = defineCommand({
  name: "lint",
  summary: "judge the production settings without running the project",
  usage: "[ENV] [options]",
  example: "djdeploy lint\ndjdeploy lint --settings mysite.settings.production --fail-level warning",
  about:
    "Reads the settings as they lie in the folder, committed or not. Only findings that are certain block.\n" +
    "djdeploy explain ID tells what a finding means.",
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
    all: { help: "every finding in full" },
  },
  async run(invocation) {
    const { io, common, options } = invocation;
    const loaded = await localConfig(invocation);
    const failLevel = options["fail-level"] ?? loaded.lint.failLevel;
    const config = { ...loaded, lint: { ...loaded.lint, failLevel } };
    const values = await givenValues(io, common);
    const linted = await lintFolder(config, { values, settings: options.settings });
    const error = lintError(config, linted.result);
    if (options.format === "json") io.stdout.write(`${JSON.stringify(lintToJson(linted.result))}\n`);
    else if (options.format === "sarif")
      io.stdout.write(`${JSON.stringify(lintToSarif(linted.result, version))}\n`);
    else {
      const color = usesColor(io, common, io.stdout);
      io.stdout.write(renderLint(linted.result, { color, all: options.all, failLevel, files: linted.files }));
      if (options.format === "github") io.stdout.write(lintAnnotations(linted.result.findings).join(""));
    }
    return error?.exitCode ?? ExitCode.done;
  },
});
